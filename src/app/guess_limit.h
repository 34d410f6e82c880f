#pragma once

#include "app/store.h"

/// Slows down whoever guesses passwords and codes, without locking anybody else out.
namespace arrears::app {

/// From where somebody tries to be whom.
struct GuessPlace {
  std::string login;    ///< as typed
  std::string network;  ///< see `network_of`
  std::string device;   ///< what tells a device that signed in with this login before; else empty
};

/// One attempt, counted as a wrong guess before it is known to be one: attempts that come at the
/// same time do not slip through together.
class GuessLimit {
 public:
  GuessLimit(Store& store, const GuessPlace& place);

  /// 0: go on, the attempt is counted; else how many seconds to wait, and nothing is counted.
  int reserve(Store& store, Instant now);
  /// It was no guess: takes back what `reserve` counted.
  void release(Store& store, Instant now);
  /// It was right: the place starts over. In the transaction of what it was right for.
  void succeed(Transaction& transaction, Instant now);
  /// Locks what `succeed` changes, in an order that all keep; `others` with them.
  void lock(Transaction& transaction, std::vector<Part> others) const;

 private:
  static Guesses read(AccessReader& access, const SecretHash& key, Instant now);
  struct Counted {
    Guesses place;
    Guesses network;
    Guesses login;
    int wait_seconds = 0;
  };
  /// Also says whether the place is known.
  Counted count(AccessReader& access, Instant now);
  void take_back(AccessWriter& access, const SecretHash& key, Instant now) const;

  SecretHash place_{};
  SecretHash network_{};
  SecretHash login_{};
  bool known_device_ = false;
  bool known_ = false;  ///< after `reserve`: somebody signed in from the place before
};

}  // namespace arrears::app
