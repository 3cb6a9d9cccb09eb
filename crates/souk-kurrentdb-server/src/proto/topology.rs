//! Messages about the server itself: what it can do, and where it is.

use super::shared::Uuid;

/// What the server can do.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SupportedMethods {
    #[prost(message, repeated, tag = "1")]
    pub(crate) methods: Vec<SupportedMethod>,
    #[prost(string, tag = "2")]
    pub(crate) event_store_server_version: String,
}

/// One method, in lower case.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SupportedMethod {
    #[prost(string, tag = "1")]
    pub(crate) method_name: String,
    #[prost(string, tag = "2")]
    pub(crate) service_name: String,
    #[prost(string, repeated, tag = "3")]
    pub(crate) features: Vec<String>,
}

/// The members of the cluster: this server alone.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ClusterInfo {
    #[prost(message, repeated, tag = "1")]
    pub(crate) members: Vec<MemberInfo>,
}

/// The state of a member that takes appends.
pub(crate) const LEADER: i32 = 8;

/// A member of the cluster.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct MemberInfo {
    #[prost(message, optional, tag = "1")]
    pub(crate) instance_id: Option<Uuid>,
    #[prost(int64, tag = "2")]
    pub(crate) time_stamp: i64,
    #[prost(int32, tag = "3")]
    pub(crate) state: i32,
    #[prost(bool, tag = "4")]
    pub(crate) is_alive: bool,
    #[prost(message, optional, tag = "5")]
    pub(crate) http_end_point: Option<EndPoint>,
}

/// Where a member is reached.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct EndPoint {
    #[prost(string, tag = "1")]
    pub(crate) address: String,
    #[prost(uint32, tag = "2")]
    pub(crate) port: u32,
}
