#pragma once

#include "adapters/storage/db.h"
#include "adapters/storage/keys.h"
#include "app/access_store.h"

namespace arrears::storage {

/// Credentials, sessions and guesses as rows that change in place.
class AccessRows final : public app::AccessWriter {
 public:
  AccessRows(Connection& connection, const KeyFile& keys) : connection_(connection), keys_(keys) {}

  std::optional<app::Credential> credential(app::PersonId person) override;
  std::optional<app::SessionRecord> session(const app::SecretHash& token) override;
  std::optional<app::TokenId> api_token(const app::SecretHash& token) override;
  void put(app::PersonId person, const app::Credential& credential) override;
  void put(const app::SessionRecord& session) override;
  void drop_session(const app::SecretHash& token) override;
  void add_api_token(const app::SecretHash& token, app::TokenId id) override;
  std::optional<app::Guesses> guesses(const app::SecretHash& key) override;
  void put(const app::Guesses& guesses) override;
  void drop_old_records(base::Part part, base::Instant sessions_before,
                        base::Instant guesses_before) override;

 private:
  Connection& connection_;
  const KeyFile& keys_;
};

}  // namespace arrears::storage
