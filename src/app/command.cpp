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

namespace {

/// Recalls what the command answered before, or does its work and remembers the answer.
class Execution {
 public:
  Execution(const Caller& caller, std::string_view command, const Json& body,
            const PartResolver& resolve, const CommandWork& work)
      : caller_(caller),
        command_(command),
        client_(caller.actor + "/" + std::string(command)),
        body_(boost::json::serialize(body)),
        resolve_(resolve),
        work_(work) {
    ARREARS_REQUIRE(!caller.idempotency_key.empty());
  }

  /// Whether there is something to keep; the answer is in `answer()`.
  bool run(Transaction& facts) {
    const Result<Part> part = resolve_(facts);
    if (!part) return done(part.error());
    if (const auto past = facts.recall(*part, client_, caller_.idempotency_key, body_)) {
      if (past->same_body) return done(boost::json::parse(past->answer).as_object());
      return done(base::refuse(CommandRefusal::idempotency_key_reused,
                               "The key " + caller_.idempotency_key + " of " +
                                   std::string(command_) + " was used with other content"));
    }
    answer_ = work_(facts);
    if (!*answer_) return false;
    facts.remember(*part, client_, caller_.idempotency_key, body_,
                   boost::json::serialize(**answer_));
    return true;
  }

  Result<Json> answer() { return std::move(*answer_); }

 private:
  bool done(Result<Json> answer) {
    answer_ = std::move(answer);
    return false;
  }

  const Caller& caller_;
  std::string_view command_;
  std::string client_;
  std::string body_;
  const PartResolver& resolve_;
  const CommandWork& work_;
  std::optional<Result<Json>> answer_;
};

}  // namespace

Result<Json> run_command(Store& store, const Caller& caller, std::string_view command,
                         const Json& body, const PartResolver& resolve, const CommandWork& work) {
  Execution execution(caller, command, body, resolve, work);
  store.run(caller.now, caller.actor, [&](Transaction& facts) { return execution.run(facts); });
  return execution.answer();
}

Result<Json> run_long_command(Store& store, const Caller& caller, std::string_view command,
                              const Json& body, const PartResolver& resolve,
                              const CommandWork& work) {
  Execution execution(caller, command, body, resolve, work);
  {
    const auto transaction = store.write();
    if (!execution.run(*transaction)) return execution.answer();
    transaction->commit(caller.now, caller.actor);
  }
  seal_committed(store);
  return execution.answer();
}

}  // namespace arrears::app
