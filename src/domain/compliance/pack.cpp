#include "domain/compliance/pack.h"

#include <algorithm>

#include "base/check.h"
#include "domain/compliance/data_lines.h"

namespace arrears::compliance {

namespace {

using WordList = std::vector<std::string_view>;

int number(std::string_view word) {
  const auto value = base::parse_int(word);
  ARREARS_REQUIRE(value && *value > 0 && *value < 1000);
  return static_cast<int>(*value);
}

/// "08:00" as seconds since midnight.
int seconds(std::string_view word) {
  const auto parts = base::split(word, ':');
  ARREARS_REQUIRE(parts.size() == 2);
  const auto hours = base::parse_int(parts[0]);
  const auto minutes = base::parse_int(parts[1]);
  ARREARS_REQUIRE(hours && minutes && *hours >= 0 && *hours < 24 && *minutes >= 0 && *minutes < 60);
  return static_cast<int>(*hours * 3600 + *minutes * 60);
}

template <class E>
std::vector<E> members(const WordList& words) {
  std::vector<E> list;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto member = base::parse_name<E>(words[i]);
    ARREARS_REQUIRE(member.has_value());
    list.push_back(*member);
  }
  return list;
}

std::string rest_of(const WordList& words) {
  std::string text;
  for (std::size_t i = 1; i < words.size(); ++i) {
    text += text.empty() ? "" : " ";
    text += words[i];
  }
  return text;
}

void read_line(Pack& pack, const WordList& words) {
  const std::string_view key = words[0];
  ARREARS_REQUIRE(words.size() > 1);
  if (key == "name") {
    pack.name = rest_of(words);
  } else if (key == "countries") {
    pack.countries.assign(words.begin() + 1, words.end());
  } else if (key == "valid_from") {
    const auto day = calendar::parse_date(words[1]);
    ARREARS_REQUIRE(day.has_value());
    pack.valid_from = *day;
  } else if (key == "hours") {
    ARREARS_REQUIRE(words.size() == 3);
    pack.opens_seconds = seconds(words[1]);
    pack.closes_seconds = seconds(words[2]);
    ARREARS_REQUIRE(pack.opens_seconds < pack.closes_seconds);
  } else if (key == "calls") {  // "7 in 7 days"
    ARREARS_REQUIRE(words.size() == 5);
    pack.calls = CallCap{number(words[1]), number(words[3])};
  } else if (key == "conversation") {
    pack.conversation_days = number(words[1]);
  } else if (key == "not_counted") {
    pack.not_counted = members<contact::LineOutcome>(words);
  } else {
    ARREARS_REQUIRE(key == "consent");
    pack.needs_consent = members<Channel>(words);
  }
}

}  // namespace

std::span<const Pack> packs() {
  static const std::vector<Pack> all = [] {
    std::vector<Pack> made;
    each_line("/pack.txt", [&](std::string_view folder, const WordList& words) {
      if (made.empty() || made.back().code != folder) made.emplace_back().code = folder;
      read_line(made.back(), words);
    });
    std::ranges::sort(made, {}, &Pack::code);
    for (const Pack& pack : made)
      ARREARS_REQUIRE(pack.closes_seconds > 0 && !pack.countries.empty());
    return made;
  }();
  return all;
}

const Pack* find_pack(std::string_view code) {
  for (const Pack& pack : packs())
    if (pack.code == code) return &pack;
  return nullptr;
}

}  // namespace arrears::compliance
