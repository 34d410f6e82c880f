#include "domain/compliance/guard.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "domain/compliance/guard_text.h"

namespace arrears::compliance {

namespace {

/// What refuses at one instant.
struct Stop {
  Rule rule = Rule::allowed;
  std::string pack;
  std::string text;
  std::size_t zone = 0;             ///< of the place
  std::optional<Instant> opens_at;  ///< later than the instant; nothing: waits for somebody
};

bool is_voice(Channel channel) {
  return channel == Channel::call || channel == Channel::automated_call;
}

/// The facts at one instant, and what of them refuses.
class Judgement {
 public:
  Judgement(const GuardQuestion& question, const GuardFacts& facts, Instant at)
      : channel_(question.channel), facts_(facts) {
    ARREARS_REQUIRE(!facts.place.zones.empty());
    for (const PlausibleZone& zone : facts.place.zones)
      local_.push_back(calendar::local_time(zone.zone, at));
    std::vector<const Pack*> valid = facts.packs;
    std::erase_if(valid, [&](const Pack* pack) { return last_day() < pack->valid_from; });
    packs_ = binding_packs(valid, facts.place.countries);
  }

  const std::vector<calendar::LocalTime>& local() const { return local_; }
  const std::vector<const Pack*>& packs() const { return packs_; }

  /// All that refuses, in the order of the rules.
  std::vector<Stop> stops() {
    add_suppressions(SuppressionKind::cease_contact, Rule::cease_contact);
    add_suppressions(SuppressionKind::do_not_contact, Rule::do_not_contact);
    add_consents();
    if (facts_.address.empty())
      stop(Rule::no_address, "There is no number or address on file for this channel.");
    add_quiet_periods();
    add_covers(Cover::dispute, Rule::dispute_in_force);
    add_covers(Cover::promise, Rule::promise_in_force);
    if (is_voice(channel_)) {
      for_each_zone_and_debt(&Judgement::add_conversation);
      for_each_zone_and_debt(&Judgement::add_call_cap);
    }
    if (channel_ != Channel::letter) {
      if (channel_ != Channel::email) add_holidays();
      add_hours();
    }
    return std::move(stops_);
  }

  /// Calls about the debt (null: about anything) that count on the days up to `day`.
  int calls_on_days_up_to(const Pack& pack, const Debt* debt, std::size_t zone, Date day) const {
    int count = 0;
    for (const PastCall& call : facts_.calls) {
      const Date on = day_of(call, zone);
      const bool counts =
          call.direction == contact::Direction::outbound &&
          std::ranges::find(pack.not_counted, call.line_outcome) == pack.not_counted.end() &&
          concerns(call, debt);
      if (counts && on <= day && day - on < pack.calls->days) ++count;
    }
    return count;
  }

  std::optional<Date> last_conversation(const Debt* debt, std::size_t zone) const {
    std::optional<Date> last;
    for (const PastCall& call : facts_.calls) {
      const Date on = day_of(call, zone);
      if (!call.conversation || !concerns(call, debt) || local_[zone].day < on) continue;
      if (!last || *last < on) last = on;
    }
    return last;
  }

 private:
  using DebtCheck = void (Judgement::*)(const Debt*, std::size_t);

  Date last_day() const {
    return std::ranges::max_element(local_, {}, &calendar::LocalTime::day)->day;
  }

  Date day_of(const PastCall& call, std::size_t zone) const {
    return calendar::local_time(facts_.place.zones[zone].zone, call.at).day;
  }

  static bool concerns(const PastCall& call, const Debt* debt) {
    return debt == nullptr || call.debts.empty() ||
           std::ranges::find(call.debts, debt->document) != call.debts.end();
  }

  Instant start_of(Date day, std::size_t zone) const {
    return calendar::instant_of(facts_.place.zones[zone].zone, day, 0);
  }

  void stop(Rule rule, std::string text, std::size_t zone = 0, std::optional<Instant> opens_at = {},
            std::string pack = {}) {
    stops_.push_back({rule, std::move(pack), std::move(text), zone, opens_at});
  }

  /// Stops in each zone where the period [from, until) holds.
  void stop_within(Rule rule, const std::string& text, Date from, std::optional<Date> until) {
    for (std::size_t zone = 0; zone < local_.size(); ++zone) {
      const Date day = local_[zone].day;
      if (day < from || (until && *until <= day)) continue;
      stop(rule, text, zone, until ? std::optional(start_of(*until, zone)) : std::nullopt);
    }
  }

  void add_suppressions(SuppressionKind kind, Rule rule) {
    for (const Suppression& one : facts_.suppressions)
      if (one.kind == kind) stop_within(rule, suppression_text(one), one.from, one.until);
  }

  void add_consents() {
    const auto applies = [&](const Consent& consent) {
      return !consent.channel || consent.channel == channel_;
    };
    for (const Consent& consent : facts_.consents)
      if (applies(consent) && consent.state == ConsentState::withdrawn)
        stop_within(Rule::consent_withdrawn, consent_text(consent), consent.on, {});
    const bool granted = std::ranges::any_of(facts_.consents, [&](const Consent& consent) {
      return applies(consent) && consent.state == ConsentState::granted &&
             std::ranges::all_of(local_, [&](const auto& time) { return consent.on <= time.day; });
    });
    for (const Pack* pack : packs_) {
      const bool needed =
          std::ranges::find(pack->needs_consent, channel_) != pack->needs_consent.end();
      if (needed && !granted)
        stop(Rule::consent_missing, consent_missing_text(channel_), 0, {}, pack->code);
    }
  }

  void add_quiet_periods() {
    for (const QuietPeriod& quiet : facts_.quiet_periods)
      stop_within(Rule::quiet_period, quiet_text(quiet), quiet.from, quiet.until);
  }

  void add_covers(Cover cover, Rule rule) {
    for (const Debt& debt : facts_.debts)
      if (debt.cover == cover)
        stop_within(rule, cover_text(debt), Date{INT32_MIN}, debt.covered_until);
  }

  void for_each_zone_and_debt(DebtCheck check) {
    for (std::size_t zone = 0; zone < local_.size(); ++zone) {
      if (facts_.debts.empty()) (this->*check)(nullptr, zone);
      for (const Debt& debt : facts_.debts) (this->*check)(&debt, zone);
    }
  }

  void add_conversation(const Debt* debt, std::size_t zone) {
    const auto last = last_conversation(debt, zone);
    for (const Pack* pack : packs_) {
      if (!last || !pack->conversation_days) continue;
      const Date again = *last + *pack->conversation_days;
      if (again <= local_[zone].day) continue;
      stop(Rule::after_conversation, conversation_text(debt, *last, again), zone,
           start_of(again, zone), pack->code);
    }
  }

  void add_call_cap(const Debt* debt, std::size_t zone) {
    const Date today = local_[zone].day;
    for (const Pack* pack : packs_) {
      if (!pack->calls) continue;
      const int count = calls_on_days_up_to(*pack, debt, zone, today);
      if (count < pack->calls->most) continue;
      Date again = today + 1;
      while (calls_on_days_up_to(*pack, debt, zone, again) >= pack->calls->most) again = again + 1;
      stop(Rule::call_cap, cap_text(debt, *pack, count, again), zone, start_of(again, zone),
           pack->code);
    }
  }

  void add_holidays() {
    for (const auto& [country, calendar] : facts_.holidays) {
      for (std::size_t zone = 0; zone < local_.size(); ++zone) {
        const Date day = local_[zone].day;
        const std::string_view name = calendar->holiday_name(day);
        if (!name.empty())
          stop(Rule::holiday, holiday_text(name, country, day), zone, start_of(day + 1, zone));
      }
    }
  }

  void add_hours() {
    for (const Pack* pack : packs_) {
      for (std::size_t zone = 0; zone < local_.size(); ++zone) {
        const calendar::LocalTime& now = local_[zone];
        if (now.seconds >= pack->opens_seconds && now.seconds < pack->closes_seconds) continue;
        const Date day = now.seconds < pack->opens_seconds ? now.day : now.day + 1;
        const PlausibleZone& place = facts_.place.zones[zone];
        stop(Rule::calling_hours, hours_text(place, now, *pack), zone,
             calendar::instant_of(place.zone, day, pack->opens_seconds), pack->code);
      }
    }
  }

  Channel channel_;
  const GuardFacts& facts_;
  std::vector<calendar::LocalTime> local_;  ///< in each plausible zone
  std::vector<const Pack*> packs_;          ///< that bind and are valid
  std::vector<Stop> stops_;
};

/// When everything that refuses has passed; the rules wait for one another.
std::optional<Instant> opening(const GuardQuestion& question, const GuardFacts& facts,
                               std::vector<Stop> stops) {
  constexpr int most_steps = 1000;
  Instant at = question.at;
  for (int step = 0; step < most_steps; ++step) {
    if (stops.empty()) return at;
    for (const Stop& stop : stops) {
      if (!stop.opens_at) return std::nullopt;
      at = std::max(at, *stop.opens_at);
    }
    stops = Judgement(question, facts, at).stops();
  }
  return std::nullopt;
}

void add_call_facts(const Judgement& judgement, const Debt* debt, std::size_t zone,
                    std::vector<GuardFact>& facts) {
  const Date day = judgement.local()[zone].day;
  for (const Pack* pack : judgement.packs()) {
    if (!pack->calls) continue;
    const int count = judgement.calls_on_days_up_to(*pack, debt, zone, day);
    facts.push_back({"calls", count_text(debt, *pack, count, day)});
  }
  if (const auto last = judgement.last_conversation(debt, zone))
    facts.push_back({"conversation", about(debt) + "on " + to_string(*last)});
}

std::vector<GuardFact> facts_of(const GuardQuestion& question, const GuardFacts& given,
                                const Judgement& judgement, std::size_t zone) {
  std::vector<GuardFact> facts;
  if (!given.address.empty()) facts.push_back({"address", given.address});
  std::vector<int> offsets;
  for (std::size_t i = 0; i < given.place.zones.size(); ++i) {
    const calendar::LocalTime& time = judgement.local()[i];
    // Zones that keep the same time here and now are one fact, unless one of them decided.
    if (i != zone && std::ranges::find(offsets, time.utc_offset_seconds) != offsets.end()) continue;
    offsets.push_back(time.utc_offset_seconds);
    facts.push_back({"zone", zone_text(given.place.zones[i], time)});
  }
  for (const Pack* pack : judgement.packs()) facts.push_back({"pack", pack_text(*pack)});
  for (const Consent& consent : given.consents) facts.push_back({"consent", consent_text(consent)});
  for (const Debt& debt : given.debts)
    if (debt.cover != Cover::none)
      facts.push_back({std::string(base::name(debt.cover)), cover_text(debt)});
  if (!is_voice(question.channel)) return facts;
  if (given.debts.empty()) add_call_facts(judgement, nullptr, zone, facts);
  for (const Debt& debt : given.debts) add_call_facts(judgement, &debt, zone, facts);
  return facts;
}

}  // namespace

GuardDecision decide(const GuardQuestion& question, const GuardFacts& facts) {
  Judgement judgement(question, facts, question.at);
  const std::vector<Stop> stops = judgement.stops();
  GuardDecision decision;
  std::size_t zone = 0;
  if (stops.empty()) {
    decision.allowed = true;
    decision.text = "Nothing stands against it.";
  } else {
    const Stop& first = stops.front();
    zone = first.zone;
    decision.rule = first.rule;
    decision.pack = first.pack;
    decision.text = first.text;
    decision.opens_at = opening(question, facts, stops);
  }
  decision.time_zone = facts.place.zones[zone].zone;
  decision.local_time = judgement.local()[zone];
  decision.facts = facts_of(question, facts, judgement, zone);
  return decision;
}

std::vector<const Pack*> binding_packs(std::span<const Pack* const> on,
                                       std::span<const std::string> countries) {
  const auto names = [](const Pack& pack, std::string_view country) {
    return std::ranges::find(pack.countries, country) != pack.countries.end();
  };
  std::vector<const Pack*> binding;
  const bool all_named =
      !countries.empty() && std::ranges::all_of(countries, [&](const std::string& country) {
        return std::ranges::any_of(on, [&](const Pack* pack) { return names(*pack, country); });
      });
  for (const Pack* pack : on) {
    const bool named = std::ranges::any_of(
        countries, [&](const std::string& country) { return names(*pack, country); });
    if (named || (names(*pack, "*") && !all_named)) binding.push_back(pack);
  }
  return binding;
}

}  // namespace arrears::compliance
