#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/calendar/date.h"
#include "scenario_file.h"

namespace arrears::scenarios {

using calendar::Date;

/// Puts bytes in place of their escapes \xHH.
std::string unescaped(std::string_view text);

/// A line as words, read from left to right. "Quoted text" is one word, and so is a comma at the
/// end of one. In quotes \xHH is that byte; "ab"*3 is "ababab".
class Words {
 public:
  Words(std::string_view file, const Line& line);

  bool done() const { return next_ == words_.size(); }
  /// The next word; `what` names it where there is none.
  std::string take(std::string_view what);
  /// All that is left, joined by blanks.
  std::string rest();
  /// Reads the phrase if it comes next.
  bool accept(std::string_view phrase);
  void expect(std::string_view phrase);
  /// Whether that word comes next, unquoted.
  bool next_is(std::string_view word) const;
  bool next_is_date() const;
  Date date(std::string_view what);
  int integer(std::string_view what);
  /// "14:05" as seconds since midnight, where such a word comes next.
  std::optional<int> time_of_day();
  /// Nothing may be left.
  void end() const;
  [[noreturn]] void fail(std::string_view what) const;

 private:
  struct Word {
    std::string text;
    bool quoted = false;
  };
  std::string file_;
  int line_;
  std::vector<Word> words_;
  std::size_t next_ = 0;
};

}  // namespace arrears::scenarios
