#include <map>
#include <tuple>

#include "app/import_publication.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::string_view wide_base = "EUR";  ///< of the table that the ECB publishes

class RateImport final : public KindImport {
 public:
  explicit RateImport(Publication& publication)
      : publication_(publication),
        date_(publication.plan.place("date")),
        base_(publication.plan.place("base")),
        quote_(publication.plan.place("quote")),
        rate_(publication.plan.place("rate")) {
    for (const money::Rate& rate : publication.facts.rates()) known_[key(rate)] = {rate.scaled, 0};
  }

  void take(const RecordBatch& batch) override {
    for (const StagedRecord& record : batch.records()) {
      RowReader reader(publication_, batch, record);
      const auto on = reader.required_date(date_);
      std::vector<money::Rate> rates;
      if (base_ >= 0) {
        read(reader, batch.value(record, base_), batch.value(record, quote_), rate_,
             batch.value(record, rate_), on, rates);
      } else {
        read_wide(reader, batch, record, on, rates);
      }
      if (reader.failed()) {
        publication_.reject(reader.line(), reader.problems());
      } else {
        put(rates, reader.line());
      }
    }
  }

 private:
  using Key = std::tuple<money::Currency, money::Currency, Date>;
  struct Known {
    std::int64_t scaled = 0;
    std::int64_t line = 0;  ///< of this file; 0: known before
  };

  static Key key(const money::Rate& rate) { return {rate.base, rate.quote, rate.on}; }

  /// A row of one day with a column for each currency; what is empty is not published.
  void read_wide(RowReader& reader, const RecordBatch& batch, const StagedRecord& record,
                 std::optional<Date> on, std::vector<money::Rate>& rates) {
    const std::vector<FieldColumn>& columns = publication_.plan.columns;
    for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
      const std::string_view text = batch.value(record, i);
      if (i == date_ || text.empty()) continue;
      read(reader, wide_base, columns[static_cast<std::size_t>(i)].field, i, text, on, rates);
    }
  }

  void read(RowReader& reader, std::string_view from, std::string_view to, int field,
            std::string_view text, std::optional<Date> on, std::vector<money::Rate>& rates) {
    const auto base_currency = money::parse_currency(base::to_upper_ascii(from));
    const auto quote_currency = money::parse_currency(base::to_upper_ascii(to));
    if (!base_currency || !quote_currency) {
      reader.fail(ImportRefusal::currency_unknown, base_currency ? quote_ : base_,
                  "There is no currency " + std::string(base_currency ? to : from));
      return;
    }
    const auto scaled = money::parse_rate(text);
    if (!scaled || *base_currency == *quote_currency) {
      if (!reader.failed()) {
        reader.fail(ImportRefusal::rate_invalid, field,
                    "The rate " + std::string(text) + " from " + std::string(from) + " to " +
                        std::string(to) + " cannot be used");
      }
      return;
    }
    if (!on) return;
    const money::Rate rate{*base_currency, *quote_currency, *on, *scaled};
    const auto known = known_.find(key(rate));
    if (known != known_.end() && known->second.line != 0) {
      reader.fail(ImportRefusal::duplicate_number, field,
                  "The rate of " + to_string(*on) + " stands on line " +
                      std::to_string(known->second.line) + " already");
      return;
    }
    rates.push_back(rate);
  }

  /// A record counts once, however many rates it has: as added or changed if one of them is.
  void put(const std::vector<money::Rate>& rates, std::int64_t line) {
    bool added = false;
    bool changed = false;
    for (const money::Rate& rate : rates) {
      const auto [known, is_new] = known_.try_emplace(key(rate), Known{rate.scaled, line});
      if (is_new || known->second.scaled != rate.scaled) {
        publication_.entry(base::slot_of("rates"), EntryKind::rate_recorded)
            .add(rate, is_new ? Revision::first : Revision::next);
        (is_new ? added : changed) = true;
      }
      known->second = {rate.scaled, line};
    }
    ImportReport& report = publication_.report;
    ++(changed ? report.changed : added ? report.added : report.unchanged);
  }

  Publication& publication_;
  int date_, base_, quote_, rate_;
  std::map<Key, Known> known_;
};

}  // namespace

std::unique_ptr<KindImport> make_rate_import(Publication& publication) {
  return std::make_unique<RateImport>(publication);
}

}  // namespace arrears::app
