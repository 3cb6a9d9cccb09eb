//! What the server says about itself: what it can do, and where it is.

use crate::clock;
use crate::core::Core;
use crate::ids;
use crate::proto::read::UuidForm;
use crate::proto::topology::{
    ClusterInfo, EndPoint, LEADER, MemberInfo, SupportedMethod, SupportedMethods,
};
use tonic::codegen::http::uri::Authority;

/// The version that is reported: clients choose by it what they ask for.
const SERVER_VERSION: &str = "23.10.0";

const READ: &[(&str, &str)] = &[
    ("event_store.client.streams.streams", "read"),
    ("event_store.client.gossip.gossip", "read"),
    ("event_store.client.server_features.serverfeatures", "getsupportedmethods"),
    ("event_store.client.persistent_subscriptions.persistentsubscriptions", "list"),
];
const WRITE: &[(&str, &str)] = &[
    ("event_store.client.streams.streams", "append"),
    ("event_store.client.streams.streams", "batchappend"),
    ("event_store.client.streams.streams", "delete"),
    ("event_store.client.streams.streams", "tombstone"),
];

/// The calls there are. For a ledger those that write are left out, so that clients that can do without do not begin.
pub(crate) fn methods(core: &Core) -> SupportedMethods {
    let write = if core.mode.is_ledger() { &[] } else { WRITE };
    let methods = READ.iter().chain(write).map(|(service, method)| SupportedMethod {
        method_name: (*method).to_owned(),
        service_name: (*service).to_owned(),
        features: Vec::new(),
    });
    SupportedMethods {
        methods: methods.collect(),
        event_store_server_version: SERVER_VERSION.to_owned(),
    }
}

/// The cluster: this server alone, under the name the client called it by, since that is one it can reach.
pub(crate) fn members(core: &Core, called: Option<&Authority>) -> ClusterInfo {
    let (host, port) = &core.endpoint;
    let (host, port) = match called {
        Some(called) if !core.advertised => {
            let host = called.host().trim_start_matches('[').trim_end_matches(']');
            (host.to_owned(), called.port_u16().unwrap_or(*port))
        }
        Some(_) | None => (host.clone(), *port),
    };
    let instance_id = ids::own("instance", &host, u64::from(port));
    let member = MemberInfo {
        instance_id: Some(ids::render(instance_id, UuidForm::Structured(()))),
        time_stamp: i64::try_from(clock::ticks()).unwrap_or(i64::MAX),
        state: LEADER,
        is_alive: true,
        http_end_point: Some(EndPoint { address: host, port: u32::from(port) }),
    };
    ClusterInfo { members: vec![member] }
}
