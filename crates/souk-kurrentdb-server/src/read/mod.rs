//! Reads and subscriptions: from a request to a stream of answers.

mod all;
mod body;
mod feed;
mod follow_all;
mod follow_stream;
mod room;
mod stream;

use crate::core::Core;
use crate::fault;
use crate::filter::Filter;
use crate::ids;
use crate::proto::read::{
    AllOption, Confirmation, Content, Extent, FilterOption, ReadReq, RevisionOption, Target,
    UuidForm,
};
use feed::{Feed, Source};
use std::sync::Arc;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::http::Response;

pub(crate) use room::Room;

/// Answers a request.
///
/// # Errors
/// Invalid argument if it makes no sense; what stands in the way of the first answer. Later errors end the stream.
pub(crate) async fn read(core: Arc<Core>, request: ReadReq) -> Result<Response<Body>, Status> {
    let source = source(request)?;
    Feed::start(core, source).await.map(body::response)
}

fn source(request: ReadReq) -> Result<Box<dyn Source>, Status> {
    let options = request.options.ok_or_else(|| fault::invalid("the read has no options"))?;
    let backwards = match options.read_direction {
        0 => false,
        1 => true,
        other => return Err(fault::invalid(format!("there is no read direction {other}"))),
    };
    let count = match options.extent {
        Some(Extent::Count(count)) => Some(count),
        Some(Extent::Subscription(())) => None,
        None => return Err(fault::invalid("the read says neither a count nor subscription")),
    };
    if count.is_none() && backwards {
        return Err(fault::invalid("a subscription cannot go backwards"));
    }
    let form = options.uuid_option.and_then(|option| option.content);
    let form = form.unwrap_or(UuidForm::Structured(()));
    let says_positions = options.control_option.is_some_and(|control| control.compatibility >= 1);
    match options.target {
        Some(Target::Stream(target)) => {
            let stream = ids::stream_name(target.stream_identifier.as_ref())?;
            let from = target.revision.unwrap_or(RevisionOption::Start(()));
            Ok(match count {
                Some(count) => {
                    let read = stream::StreamRead::new(stream, from, backwards, count, form);
                    Box::new(read.saying_positions(says_positions))
                }
                None => Box::new(follow_stream::StreamFollow::new(stream, from, form)),
            })
        }
        Some(Target::All(target)) => {
            let from = target.position.unwrap_or(AllOption::Start(()));
            let filter = match options.filter {
                Some(FilterOption::Filter(filter)) => Some(Filter::new(filter)?),
                Some(FilterOption::NoFilter(())) | None => None,
            };
            Ok(match count {
                Some(count) => Box::new(all::AllRead::new(from, backwards, count, filter, form)),
                None => Box::new(follow_all::AllFollow::new(from, filter, form)),
            })
        }
        None => Err(fault::invalid("the read names neither a stream nor everything")),
    }
}

fn confirmation(core: &Core) -> Content {
    Content::Confirmation(Confirmation { subscription_id: core.subscription_id() })
}
