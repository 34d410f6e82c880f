#include "app/demo_desk.h"

#include <algorithm>

namespace arrears::app {

namespace {

using contact::NextActionKind;

struct Excuse {
  std::string_view code;
  std::string_view note;
};
constexpr std::array<Excuse, 14> excuses = {{
    {"internal_approval_delay", "Invoice waits for the plant manager's signature."},
    {"internal_approval_delay", "Approval workflow stuck, they will push it today."},
    {"payment_run_date", "Missed the last payment run, goes into the next one."},
    {"payment_run_date", "They pay on fixed days only."},
    {"cash_flow", "Short of cash, expects money from a large job."},
    {"cash_flow", "Asked for a few more days; sounded strained."},
    {"invoice_not_received", "Says the invoice never arrived."},
    {"missing_purchase_order", "Needs the order number on the invoice."},
    {"already_paid", "Says it was paid; will send the remittance advice."},
    {"contact_absent", "The person in charge is back next week."},
    {"terms_misunderstood", "Thought that the terms were end of next month."},
    {"waits_for_credit_note", "Waits for a credit note before paying the rest."},
    {"bank_problem", "Bank changed, new account not yet active."},
    {"other", "Moving offices, post is piling up."},
}};
constexpr std::array<std::string_view, 4> broken_reasons = {
    "payment run was postponed", "their own customer paid late", "approval did not come in time",
    "forgotten, apologised"};

bool closes_by_call(const strategy::FollowUp& follow_up) {
  return follow_up.action == NextActionKind::call ||
         follow_up.action == NextActionKind::wait_for_payment;
}

std::string item_text(const DemoAccount& account, receivables::ItemKey key) {
  const auto* document = receivables::find_document(account.ledger, key.document);
  return document->number + "#" + std::to_string(key.instalment);
}

bool is_open(const DemoAccount& account, const DemoItem& item, Date day) {
  return receivables::open_amount(account.ledger, item.key.document, item.key.instalment, day) > 0;
}

bool has_promise_in_force(const DemoAccount& account, Date day) {
  return !account.open_promise.empty() &&
         std::any_of(account.items.begin(), account.items.end(), [&](const DemoItem& item) {
           return item.promised_by && *item.promised_by >= day && !item.held;
         });
}

/// How many of a hundred promises are kept in full and in time.
int kept_share(DemoPayer payer) {
  switch (payer) {
    case DemoPayer::prompt:
      return 93;
    case DemoPayer::slightly_late:
      return 86;
    case DemoPayer::late:
      return 72;
    case DemoPayer::erratic:
      return 55;
    case DemoPayer::bad:
      return 30;
  }
  return 0;
}

}  // namespace

/// What a call came to, for the account's memory.
struct DemoDesk::Said {
  Date on;         ///< business date of the call
  Date next_call;  ///< not before it
  std::optional<Date> promised_by;
  bool superseded = false;
};

void DemoDesk::set_time(int seconds) {
  clock_.set(calendar::instant_of(entity_.time_zone, day_, seconds));
}

Caller DemoDesk::caller(const std::string& actor) {
  return {actor, "demo-" + std::to_string(++commands_), clock_.now(), day_};
}

void DemoDesk::work(std::span<DemoAccount> accounts, Date day, int calls_max) {
  day_ = day;
  day_of_.clear();
  std::vector<PlannedCall> wanted;
  std::vector<DemoAccount*> withdrawing;
  for (DemoAccount& account : accounts) {
    plan_closings(account);
    if (account.items.empty() || account.cast->contacts.empty()) continue;
    if (has_promise_in_force(account, day)) {
      if (random_.per_mille(9))
        withdrawing.push_back(&account);
      else if (random_.per_mille(9))
        day_of_[account.cast->collector].calls.push_back({&account, 0, /*inbound=*/true});
      continue;
    }
    account.open_promise.clear();
    plan(account, wanted);
  }
  const auto count = std::min(wanted.size(), static_cast<std::size_t>(std::max(0, calls_max)));
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  wanted.resize(count);
  for (const PlannedCall& planned : wanted) {
    int oldest = 0;
    for (const DemoItem& item : planned.account->items)
      if (is_chased(item, day)) oldest = std::max(oldest, day - item.due);
    const auto& escalated = planned.account->escalated_on;
    const bool to_manager = oldest >= 34 && (!escalated || day - *escalated >= 35);
    const std::string author(to_manager ? demo_manager : planned.account->cast->collector);
    DayOfOne& work = day_of_[author];
    if (work.calls.size() < 14) work.calls.push_back(planned);
  }
  for (const auto& [collector, work] : day_of_) work_as(collector, work);
  for (DemoAccount* account : withdrawing) withdraw(*account);
}

void DemoDesk::plan(DemoAccount& account, std::vector<PlannedCall>& wanted) {
  if (account.call_on && *account.call_on > day_) return;
  if (account.held_until && *account.held_until > day_) return;
  int oldest = 0;
  std::int64_t sum = 0;
  for (const DemoItem& item : account.items) {
    if (!is_chased(item, day_)) continue;
    oldest = std::max(oldest, day_ - item.due);
    sum += receivables::open_amount(account.ledger, item.key.document, item.key.instalment, day_);
  }
  if (oldest < (account.call_on ? 1 : 7)) return;
  // Some days anybody may come first, so that small accounts are called as well.
  const std::int64_t mood = random_.between(1, 20);
  const bool pressing = account.call_on || oldest >= 34;
  wanted.push_back({&account, sum / 100 * mood * (pressing ? 3 : 1), false});
}

void DemoDesk::plan_closings(DemoAccount& account) {
  const bool nothing_overdue = std::none_of(account.items.begin(), account.items.end(),
                                            [&](const DemoItem& item) { return item.due < day_; });
  std::erase_if(account.agreed, [&](const strategy::FollowUp& follow_up) {
    if (follow_up.due_on > day_ || follow_up.opened_on == day_) return false;
    const bool done = closes_by_call(follow_up) ? nothing_overdue : random_.percent(55);
    if (done) day_of_[follow_up.owner].closings.push_back({&account, follow_up});
    return done;
  });
}

void DemoDesk::work_as(const std::string& collector, const DayOfOne& work) {
  set_time(17 * 3600 + 1800);
  auto facts = store_.write();
  for (const Closing& closing : work.closings) close(*facts, closing.follow_up);
  int nth = 0;
  for (const PlannedCall& planned : work.calls) call(*facts, collector, planned, nth++);
  facts->commit(clock_.now(), collector);
  facts.reset();
  if (!work.calls.empty() && random_.per_mille(15)) amend(collector);
}

void DemoDesk::close(Transaction& facts, const strategy::FollowUp& follow_up) {
  strategy::FollowUp closed = follow_up;
  closed.closed_on = day_;
  closed.closing = strategy::FollowUpClosing::done;
  const Json payload{{"follow_up_id", to_string(closed.id)},
                     {"party_id", to_string(closed.party)},
                     {"closed_on", to_string(day_)},
                     {"closing", base::name(*closed.closing)}};
  facts
      .open_entry(closed.party.part(), EntryKind::follow_up_closed, boost::json::serialize(payload))
      .add(closed, Revision::next);
}

void DemoDesk::close_escalations(Transaction& facts, const DemoAccount& account) {
  const auto file = facts.party_file(account.ref.party, Detail::everything);
  for (const strategy::FollowUp& follow_up : file->follow_ups)
    if (follow_up.kind == strategy::FollowUpKind::escalation && !follow_up.closed_on)
      close(facts, follow_up);
}

void DemoDesk::next(CallInput& input, std::string_view kind, Date on) const {
  input.next_action = kind;
  input.next_on = to_string(calendar_.roll_forward(on));
}

void DemoDesk::call(Transaction& facts, const std::string& author, const PlannedCall& planned,
                    int nth) {
  DemoAccount& account = *planned.account;
  Said said;
  said.on = day_;
  CallInput input = dial(author, planned, said);
  const bool talked = input.disposition == "right_party_reached";
  // Who was not reached is at times written down a day late.
  if (!talked && random_.percent(4)) said.on = calendar_.roll_forward(day_ - 4);
  const int start = 9 * 3600 + nth * 2100 + random_.days(0, 900);
  const int length = talked ? random_.days(90, 800) : random_.days(15, 60);
  input.started = to_string(calendar::instant_of(entity_.time_zone, said.on, start));
  const Instant ended = calendar::instant_of(entity_.time_zone, said.on, start + length);
  input.ended = to_string(ended);
  Caller as = caller(author);
  if (said.on == day_) as.now = {ended.micros + 1'000'000 * random_.days(10, 90)};
  const auto logged = log_call_in(facts, as, entity_, input);
  if (!logged) throw base::Mistake("demonstration: " + logged.error().message);
  ++calls_;
  last_call_ = logged->answer.at("call_id").as_string();
  remember(account, *logged, said);
  if (author == demo_manager) {
    account.escalated_on = day_;
    if (random_.percent(85)) close_escalations(facts, account);
  }
}

CallInput DemoDesk::dial(const std::string& author, const PlannedCall& planned, Said& said) {
  DemoAccount& account = *planned.account;
  const auto& contacts = account.cast->contacts;
  CallInput input;
  input.customer = account.cast->row.number;
  input.contact =
      contacts[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(contacts.size())))]
          .reference;
  const std::int64_t outcome = planned.inbound ? 0 : random_.below(100);
  if (outcome < 52) {
    input.disposition = "right_party_reached";
    if (planned.inbound || random_.percent(6)) input.direction = "inbound";
    talk(planned, input, said);
  } else if (outcome < 74) {
    input.line_outcome = outcome < 68 ? "no_answer" : outcome < 72 ? "busy" : "declined";
    said.next_call = day_ + random_.days(1, 3);
    next(input, "call", said.next_call);
  } else if (outcome < 90) {
    input.disposition = "message_left";
    input.notes = "Asked to be called back.";
    said.next_call = day_ + random_.days(2, 5);
    next(input, "call", said.next_call);
  } else if (outcome < 95) {
    input.disposition = "wrong_party";
    said.next_call = day_ + random_.days(1, 4);
    next(input, "call", said.next_call);
  } else if (outcome < 98) {
    input.line_outcome = "invalid_number";
    said.next_call = day_ + random_.days(4, 8);
    next(input, "fix_contact", day_ + 1);
  } else {
    input.disposition = "refused_to_talk";
    said.next_call = day_ + random_.days(5, 9);
    next(input, "escalate", day_ + 1);
    input.next_owner = demo_manager;
  }
  if (input.next_owner.empty()) input.next_owner = author;
  return input;
}

void DemoDesk::talk(const PlannedCall& planned, CallInput& input, Said& said) {
  DemoAccount& account = *planned.account;
  const Excuse& excuse = account.cast->payer == DemoPayer::bad && random_.percent(15)
                             ? Excuse{"insolvency", "Talks about restructuring with the bank."}
                             : excuses[static_cast<std::size_t>(random_.below(excuses.size()))];
  input.reason_for_delay = excuse.code;
  input.notes = excuse.note;
  if (excuse.code == "other") input.reason_text = excuse.note;
  const bool broke_one =
      std::any_of(account.items.begin(), account.items.end(), [&](const DemoItem& item) {
        const auto first = account.first_promised.find(item.key);
        return first != account.first_promised.end() && first->second < day_;
      });
  if (broke_one) input.broken_promise_reason = random_.pick(broken_reasons);
  if (planned.inbound || random_.percent(62)) return promise(planned, input, said);
  if (excuse.code == "invoice_not_received" || excuse.code == "missing_purchase_order") {
    said.next_call = day_ + random_.days(4, 8);
    next(input, "send_copy", day_ + 1);
  } else if (excuse.code == "already_paid") {
    for (DemoItem& item : account.items)
      if (is_chased(item, day_)) item.plan_on = std::min(item.plan_on, day_ + random_.days(1, 6));
    said.next_call = day_ + 7;
    next(input, "wait_for_payment", said.next_call);
  } else if (excuse.code == "insolvency") {
    said.next_call = day_ + 21;
    next(input, "escalate", day_ + 2);
    input.next_owner = demo_manager;
  } else {
    said.next_call = day_ + random_.days(5, 12);
    next(input, "call", said.next_call);
  }
}

void DemoDesk::promise(const PlannedCall& planned, CallInput& input, Said& said) {
  DemoAccount& account = *planned.account;
  const Date by = calendar_.roll_forward(day_ + random_.days(3, 14));
  PromiseInput given;
  given.by = to_string(by);
  if (planned.inbound) {
    given.supersedes.push_back(account.open_promise);
    said.superseded = true;
  }
  for (const DemoItem& item : account.items) {
    const bool wanted = planned.inbound
                            ? item.promised_by && *item.promised_by >= day_ && !item.held
                            : is_chased(item, day_);
    if (wanted && is_open(account, item, day_)) given.items.push_back(item_text(account, item.key));
  }
  said.next_call = calendar_.roll_forward(by + 1);
  next(input, "wait_for_payment", said.next_call);
  if (given.items.empty()) return;
  input.promises.push_back(std::move(given));
  said.promised_by = by;
}

void DemoDesk::decide_fate(DemoAccount& account, Date by) {
  const bool kept = random_.percent(kept_share(account.cast->payer));
  const bool in_part = !kept && random_.percent(35);
  const int early = random_.days(0, std::min(3, by - day_ - 1));
  const int late = random_.days(3, 28);
  const int part = random_.days(35, 75);
  for (DemoItem& item : account.items) {
    const bool renewed = item.promised_by && *item.promised_by >= day_ && !item.held;
    if ((!is_chased(item, day_) && !renewed) || !is_open(account, item, day_)) continue;
    item.promised_by = by;
    Date& first = account.first_promised.try_emplace(item.key, by).first->second;
    first = std::min(first, by);
    item.part_percent = in_part ? part : 100;
    item.plan_on = kept || in_part ? by - early : std::max(item.plan_on, by + late);
  }
}

void DemoDesk::remember(DemoAccount& account, const LoggedCall& logged, const Said& said) {
  account.call_on = calendar_.roll_forward(said.next_call);
  // A call meets what was agreed before for its day or an earlier one.
  std::erase_if(account.agreed, [&](const strategy::FollowUp& follow_up) {
    return closes_by_call(follow_up) && follow_up.due_on <= said.on &&
           follow_up.opened_on <= said.on;
  });
  if (logged.next_action) account.agreed.push_back(*logged.next_action);
  if (!said.promised_by) return;
  ++promises_;
  account.open_promise = logged.answer.at("promises").at(0).at("promise").as_string();
  decide_fate(account, *said.promised_by);
}

void DemoDesk::withdraw(DemoAccount& account) {
  set_time(17 * 3600 + 2400);
  const auto done =
      withdraw_promise(store_, caller(account.cast->collector), entity_.code, account.open_promise,
                       day_, "new head of finance does not stand by it");
  if (!done) throw base::Mistake("demonstration: " + done.error().message);
  account.open_promise.clear();
  for (DemoItem& item : account.items) {
    if (!item.promised_by || *item.promised_by < day_) continue;
    item.promised_by.reset();
    item.part_percent = 100;
    item.plan_on = std::max(item.plan_on, day_ + random_.days(10, 30));
  }
  account.call_on = calendar_.roll_forward(day_ + 2);
}

void DemoDesk::amend(const std::string& author) {
  set_time(17 * 3600 + 2700);
  CallInput input;
  input.direction.clear();
  input.line_outcome.clear();
  input.notes = "Name of the person misheard at first; the rest stands.";
  const auto amended = amend_call(store_, caller(author), entity_.code, last_call_, input,
                                  "correction of the notes");
  if (!amended) throw base::Mistake("demonstration: " + amended.error().message);
}

void DemoDesk::place_hold(DemoAccount& account, Date day) {
  day_ = day;
  set_time(16 * 3600);
  const Date until = day + random_.days(10, 45);
  const auto held =
      app::place_hold(store_, caller(std::string(demo_manager)), entity_.code,
                      account.cast->row.number, day, until, "flood damage: agreed to leave alone");
  if (!held) throw base::Mistake("demonstration: " + held.error().message);
  account.held_until = until;
}

}  // namespace arrears::app
