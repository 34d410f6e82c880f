#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "adapters/http/event_stream.h"
#include "app/scope.h"
#include "app/store.h"

/// Live updates: who listens, and what of the changes each may know.
namespace arrears::api {

class EventHub {
 public:
  /// A stream for the scope, dropped once its reader is gone. It ends after ten minutes, at the
  /// next change: the browser connects again then, and is asked again who it is.
  std::shared_ptr<http::EventStream> subscribe(app::Scope scope, base::Instant now);

  /// Tells every listener of the changes of customers that its scope shows: one event "change" for
  /// each entity, `{entity, customers, kinds}`; `customers` is null where too many changed to name,
  /// or it is about the entity as a whole.
  void publish(app::Facts& facts, const app::Changes& changes, base::Instant now);
  /// Ends all streams.
  void close();

  std::size_t listeners() const;

 private:
  struct Listener {
    app::Scope scope;
    std::shared_ptr<http::EventStream> stream;
    base::Instant since;
  };
  std::vector<Listener> open_listeners(base::Instant now);
  /// Codes of the entities whose last run is another than at the last call.
  std::set<std::string> entities_run(app::Facts& facts);

  mutable std::mutex mutex_;
  std::vector<Listener> listeners_;
  // For `publish`, which one thread calls.
  std::map<parties::EntityId, std::int64_t> last_runs_;
  std::uint64_t next_id_ = 1;
};

}  // namespace arrears::api
