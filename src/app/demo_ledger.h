#pragma once

#include <map>
#include <vector>

#include "app/demo_cast.h"
#include "app/receivables.h"
#include "domain/receivables/allocate.h"
#include "domain/strategy/follow_ups.h"

/// Inside the demonstration: what each customer owes and means to do, and how that is written.
namespace arrears::app {

/// An open instalment and what its customer means to do about it.
struct DemoItem {
  receivables::ItemKey key;
  Date due;
  Date plan_on;                     ///< the day on which it is paid
  int part_percent = 100;           ///< of the next payment
  std::optional<Date> promised_by;  ///< of the promise in force
  bool held = false;                ///< contested, or its money waits to be applied
};

/// What else is to happen to an account.
struct DemoEvent {
  enum class Kind : unsigned char {
    bounce,
    apply_cash,
    dispute,
    end_dispute,
    return_goods,
    correct_price,
  };
  Kind kind = Kind::bounce;
  Date on;
  receivables::DocumentId document;
  receivables::PaymentId payment;
  int percent = 0;                          ///< of the open amount, where part of it is credited
  std::vector<receivables::ItemKey> items;  ///< what the payment is for
};

struct DemoAccount {
  const DemoCustomer* cast = nullptr;
  CustomerRef ref;
  receivables::Ledger ledger;  ///< as it stands in the store
  std::vector<DemoItem> items;
  std::vector<DemoEvent> events;
  // The desk's memory.
  std::map<receivables::ItemKey, Date> first_promised;  ///< earliest day promised for it
  std::string open_promise;                             ///< number
  std::optional<Date> call_on;                          ///< agreed or planned day of the next call
  std::optional<Date> escalated_on;                     ///< last call of the manager
  std::optional<Date> held_until;                       ///< first day without the hold
  std::vector<strategy::FollowUp> agreed;               ///< next actions not yet done
};

struct DemoCounts {
  int invoices = 0;
  int payments = 0;
  int credits = 0;
};

/// The ERP and the cash clerk on one business day: writes into an open transaction what the
/// receivables room decides, and keeps the accounts as the store will show them.
class DemoLedgerDay {
 public:
  DemoLedgerDay(Transaction& facts, const parties::Entity& entity,
                const calendar::BusinessCalendar& calendar, DemoRandom& random, DemoCounts& counts,
                Date day);

  /// A new customer with its contacts.
  void open(DemoAccount& account);
  void record_rate(money::Rate rate);
  void issue_invoice(DemoAccount& account);
  /// Everything that is due to happen to the account, payments last.
  void live(DemoAccount& account);

 private:
  void take_place(DemoAccount& account, const DemoEvent& event);
  void bounce(DemoAccount& account, const DemoEvent& event);
  void apply_cash(DemoAccount& account, const DemoEvent& event);
  void begin_dispute(DemoAccount& account, const DemoEvent& event);
  void end_dispute(DemoAccount& account, const DemoEvent& event);
  void credit(DemoAccount& account, receivables::DocumentId document, int percent, bool apply);
  void correct_price(DemoAccount& account, const DemoEvent& event);
  void pay(DemoAccount& account);

  receivables::DocumentId write(DemoAccount& account, receivables::Document document);
  receivables::PaymentId write(DemoAccount& account, const receivables::Payment& payment);
  void allocate(DemoAccount& account, const receivables::AllocateRequest& request);
  void write(DemoAccount& account, EntryKind kind, receivables::AllocationRows rows);
  void plan_events(DemoAccount& account, const receivables::Document& invoice);
  void drop_settled(DemoAccount& account);
  Date value_date(const DemoAccount& account, const std::vector<receivables::ItemKey>& items);
  void later(DemoAccount& account, DemoEvent event);
  std::int64_t open_of(const DemoAccount& account, receivables::ItemKey key) const;
  Entry& entry(const DemoAccount& account, EntryKind kind);

  Transaction& facts_;
  const parties::Entity& entity_;
  const calendar::BusinessCalendar& calendar_;
  DemoRandom& random_;
  DemoCounts& counts_;
  Date day_;
  BulkRecorder recorder_;
};

/// Whether an item may be asked for on `day`: overdue, not contested, under no promise in force.
bool is_chased(const DemoItem& item, Date day);

}  // namespace arrears::app
