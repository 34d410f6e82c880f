#include "app/command.h"

#include <exception>

namespace arrears::app {

void seal_committed(Store& store) {
  try {
    store.checkpoint();
  } catch (const std::exception&) {
    return;
  }
}

Result<Json> run_command(Store& store, const Caller& caller, std::string_view command,
                         const Json& body, const std::function<Result<Part>(Transaction&)>& resolve,
                         const std::function<Result<Json>(Transaction&)>& work) {
  ARREARS_REQUIRE(!caller.idempotency_key.empty());
  const std::string body_text = boost::json::serialize(body);
  const std::string client = caller.actor + "/" + std::string(command);
  auto transaction = store.write();
  const Result<Part> part = resolve(*transaction);
  if (!part) return part.error();
  if (const auto past = transaction->recall(*part, client, caller.idempotency_key, body_text)) {
    if (!past->same_body) {
      return base::refuse(CommandRefusal::idempotency_key_reused,
                          "The key " + caller.idempotency_key + " of " + std::string(command) +
                              " was used with other content");
    }
    return boost::json::parse(past->answer).as_object();
  }
  Result<Json> answer = work(*transaction);
  if (!answer) return answer;
  transaction->remember(*part, client, caller.idempotency_key, body_text,
                        boost::json::serialize(*answer));
  transaction->commit(caller.now, caller.actor);
  transaction.reset();
  seal_committed(store);
  return answer;
}

}  // namespace arrears::app
