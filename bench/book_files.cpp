// Writes the book as files: bench_files tables FOLDER INVOICES, bench_files site FOLDER INVOICES.
//
// tables: what an engine's tables are loaded from, CSV without a header, days as numbers since
//   1970-01-01, in order of day as a running system would have stored them.
//     invoice   id customer issued due amount open settled disputed disputed_known
//               known_from known_until
//     alloc     invoice customer day value_day amount known_from    (what changes an open amount)
//     payment   customer value_day amount known_from
//     cash      customer day amount known_from    (unapplied; none where it was applied at once)
//     promise   customer invoice made deadline amount known_from
//   `open` and `settled` are what a system keeps up to date when it posts; for the last day.
// site: the same invoices, payments and allocations as files that `arrears import` takes. The last
//   version of a document counts, and what was taken back and applied again stays applied.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "portfolio_book.h"

namespace arrears::bench {
namespace {

using calendar::Date;
using portfolio::Ordinal;

constexpr int first_day = 19'000;  ///< before anything of the book
constexpr int day_count = 2'000;
constexpr std::int64_t forever = 2'147'483'647;  ///< as known_until in the tables
constexpr unsigned thread_count = 2;

/// Text by day, so that a file gets its rows in the order in which they happened.
class Table {
 public:
  Table() : days_(day_count) {}

  /// The row so far; `end` takes it to its day.
  Table& operator<<(std::int64_t value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
    return *this << std::string_view(digits.data(), end);
  }
  Table& operator<<(std::string_view text) {
    row_ += text;
    row_ += ',';
    return *this;
  }
  Table& nothing() { return *this << ""; }
  void end(Date day) {
    row_.back() = '\n';  // after the last comma
    days_[static_cast<std::size_t>(day.days - first_day)] += row_;
    row_.clear();
  }
  const std::string& of_day(std::size_t day) const { return days_[day]; }

 private:
  std::vector<std::string> days_;
  std::string row_;
};

/// What a thread has of each file.
using Tables = std::map<std::string, Table>;

struct Item {
  std::int32_t number = 0;  ///< in the tables
  std::int64_t open = 0;
  Date settled{0};  ///< last movement
};

/// The tables' rows of customers.
class TableWriter {
 public:
  TableWriter(Tables& tables, unsigned thread) : tables_(tables), thread_(thread) {}

  void add(const CustomerRows& rows) {
    customer_ = rows.id.value;
    items_.clear();
    for (const auto& fact : rows.instalments) add_document(fact);
    for (const auto& fact : rows.allocations) {
      move(fact, fact.document.value, fact.amount_minor, valued_on(rows, fact));
      if (fact.credit) move(fact, fact.credit.value, -fact.source_minor, valued_on(rows, fact));
    }
    for (std::size_t i = 0; i < rows.instalments.size(); ++i) add_invoice(rows, i);
    add_payments(rows);
    for (const auto& fact : rows.promises) {
      tables_["promise"] << customer_ << items_[fact.items[0].document.value].number
                         << fact.made_on.days << fact.deadline.days << fact.items[0].amount_minor
                         << fact.known_from;
      tables_["promise"].end(fact.made_on);
    }
  }

 private:
  /// Numbers rise from day to day; the threads share out those of a day.
  void add_document(const portfolio::InstalmentFact& fact) {
    auto [at, is_new] = items_.try_emplace(fact.document.value);
    if (!is_new) return;
    const int day = fact.issued_on - first_issue;
    auto& count = of_day_[static_cast<std::size_t>(day)];
    at->second = {
        static_cast<std::int32_t>((day << 21) + static_cast<int>(count++ * thread_count + thread_)),
        fact.amount_minor, Date{0}};
  }

  static Date valued_on(const CustomerRows& rows, const portfolio::AllocationFact& fact) {
    if (fact.credit) {
      for (const auto& row : rows.instalments)
        if (row.document == fact.credit) return row.issued_on;
    }
    const auto found =
        std::lower_bound(rows.payments.begin(), rows.payments.end(), fact.payment,
                         [](const auto& row, auto payment) { return row.payment < payment; });
    return found->value_on;
  }

  void move(const portfolio::AllocationFact& fact, std::int64_t document, std::int64_t amount,
            Date valued) {
    Item& item = items_[document];
    item.open -= amount;
    item.settled = std::max(item.settled, fact.allocated_on);
    tables_["alloc"] << item.number << customer_ << fact.allocated_on.days << valued.days << amount
                     << fact.known_from;
    tables_["alloc"].end(fact.allocated_on);
  }

  void add_invoice(const CustomerRows& rows, std::size_t at) {
    const auto& fact = rows.instalments[at];
    const bool last =
        at + 1 == rows.instalments.size() || !(rows.instalments[at + 1].document == fact.document);
    const Item& item = items_[fact.document.value];
    Table& table = tables_["invoice"];
    table << item.number << customer_ << fact.issued_on.days << fact.due_on.days
          << fact.amount_minor << (last ? item.open : 0);
    if (last && item.open == 0) {
      table << item.settled.days;
    } else {
      table.nothing();
    }
    const auto dispute =
        std::find_if(rows.disputes.begin(), rows.disputes.end(),
                     [&](const auto& row) { return row.document == fact.document; });
    if (dispute == rows.disputes.end()) {
      table.nothing().nothing();
    } else {
      table << dispute->from.days << dispute->known_from;
    }
    table << fact.known_from
          << (last ? forever : std::int64_t{rows.instalments[at + 1].known_from});
    table.end(fact.issued_on);
  }

  void add_payments(const CustomerRows& rows) {
    std::map<std::pair<Date, Ordinal>, std::int64_t> cash;
    for (const auto& payment : rows.payments) {
      tables_["payment"] << customer_ << payment.value_on.days << payment.amount_minor
                         << payment.known_from;
      tables_["payment"].end(payment.value_on);
      cash[{payment.value_on, payment.known_from}] += payment.amount_minor;
      for (const auto& fact : rows.allocations)
        if (fact.payment == payment.payment) {
          cash[{fact.allocated_on, std::max(fact.known_from, payment.known_from)}] -=
              fact.source_minor;
        }
    }
    for (const auto& [when, amount] : cash) {
      if (amount == 0) continue;
      tables_["cash"] << customer_ << when.first.days << amount << when.second;
      tables_["cash"].end(when.first);
    }
  }

  Tables& tables_;
  unsigned thread_;
  std::int64_t customer_ = 0;
  std::map<std::int64_t, Item> items_;
  std::array<unsigned, day_count> of_day_{};
};

/// The files that the program imports.
class SiteWriter {
 public:
  SiteWriter(Tables& tables, unsigned) : tables_(tables) {}

  void add(const CustomerRows& rows) {
    const std::string customer = "C" + std::to_string(rows.id.value);
    tables_["customers"] << customer << "Customer " + std::to_string(rows.id.value);
    tables_["customers"].end(first_issue);
    for (std::size_t i = 0; i < rows.instalments.size(); ++i) {
      const auto& fact = rows.instalments[i];
      const bool last =
          i + 1 == rows.instalments.size() || !(rows.instalments[i + 1].document == fact.document);
      if (!last) continue;
      const bool invoice = fact.kind == receivables::DocumentKind::invoice;
      tables_["invoices"] << number("D", fact.document.value) << customer
                          << (invoice ? "invoice" : "credit_note")
                          << calendar::to_string(fact.issued_on) << calendar::to_string(fact.due_on)
                          << decimal(fact.amount_minor);
      tables_["invoices"].end(fact.issued_on);
    }
    for (const auto& fact : rows.payments) {
      tables_["payments"] << number("P", fact.payment.value) << customer
                          << calendar::to_string(fact.value_on) << decimal(fact.amount_minor);
      tables_["payments"].end(fact.value_on);
    }
    std::int64_t taken_back = 0;
    for (const auto& fact : rows.allocations) {
      if (fact.amount_minor < 0) taken_back = fact.payment.value;
      if (fact.payment && fact.payment.value == taken_back) continue;
      Table& table = tables_["allocations"];
      if (fact.credit) {
        table << "" << number("D", fact.credit.value);
      } else {
        table << number("P", fact.payment.value) << "";
      }
      table << number("D", fact.document.value) << calendar::to_string(fact.allocated_on)
            << decimal(fact.amount_minor);
      table.end(fact.allocated_on);
    }
  }

  static std::string header(const std::string& file) {
    if (file == "customers") return "number,name\n";
    if (file == "invoices") return "number,customer,kind,issued,due,amount\n";
    if (file == "payments") return "number,customer,value_on,amount\n";
    return "payment,credit,invoice,on,amount\n";
  }

 private:
  static std::string number(const char* letter, std::int64_t id) {
    return letter + std::to_string(id >> 20) + '-' + std::to_string(id & 0xFFFFF);
  }
  static std::string decimal(std::int64_t minor) {
    const std::string digits = std::to_string(std::abs(minor));
    const std::string padded =
        digits.size() < 3 ? std::string(3 - digits.size(), '0') + digits : digits;
    return (minor < 0 ? "-" : "") + padded.substr(0, padded.size() - 2) + '.' +
           padded.substr(padded.size() - 2);
  }

  Tables& tables_;
};

std::string no_header(const std::string&) { return {}; }

template <class Writer, class Header>
bool write(const std::filesystem::path& folder, std::uint32_t invoices, Header header) {
  const std::uint32_t customers = std::max(1U, invoices / 10);
  std::array<Tables, thread_count> parts;
  std::vector<std::thread> threads;
  for (unsigned part = 0; part < thread_count; ++part)
    threads.emplace_back([&, part] {
      Writer writer(parts[part], part);
      CustomerRows rows;
      const std::uint64_t end = std::uint64_t{customers} * (part + 1) / thread_count;
      for (auto at = std::uint64_t{customers} * part / thread_count; at < end; ++at) {
        make_customer(static_cast<std::uint32_t>(at), invoices, rows);
        writer.add(rows);
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::filesystem::create_directories(folder);
  for (const auto& [name, table] : parts[0]) {
    std::FILE* file = std::fopen((folder / (name + ".csv")).c_str(), "wb");
    if (file == nullptr) return false;
    std::fputs(header(name).c_str(), file);
    for (std::size_t day = 0; day < day_count; ++day)
      for (Tables& part : parts) {
        const std::string& text = part[name].of_day(day);
        std::fwrite(text.data(), 1, text.size(), file);
      }
    const bool failed = std::ferror(file) != 0;
    if (std::fclose(file) != 0 || failed) return false;
  }
  return true;
}

int run(int argc, char** argv) {
  const std::string kind = argc == 4 ? argv[1] : "";
  if (kind != "tables" && kind != "site") {
    std::fprintf(stderr, "Usage: bench_files tables|site FOLDER INVOICES\n");
    return 2;
  }
  const auto invoices = static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10));
  const bool written = kind == "tables" ? write<TableWriter>(argv[2], invoices, no_header)
                                        : write<SiteWriter>(argv[2], invoices, SiteWriter::header);
  if (!written) std::perror(argv[2]);
  return written ? 0 : 1;
}

}  // namespace
}  // namespace arrears::bench

int main(int argc, char** argv) { return arrears::bench::run(argc, argv); }
