#include "words.h"

#include <algorithm>

#include "base/text.h"

namespace arrears::scenarios {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string unescaped(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text.substr(i, 2) == "\\x" && i + 3 < text.size() &&
                        hex_digit(text[i + 2]) >= 0 && hex_digit(text[i + 3]) >= 0;
    if (!escape) {
      bytes += text[i];
      continue;
    }
    bytes += static_cast<char>(hex_digit(text[i + 2]) * 16 + hex_digit(text[i + 3]));
    i += 3;
  }
  return bytes;
}

Words::Words(std::string_view file, const Line& line) : file_(file), line_(line.number) {
  const std::string_view text = line.text;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    if (text[at] == '"') {
      const auto end = text.find('"', at + 1);
      if (end == std::string_view::npos) fail("a quoted text does not end");
      const std::string once = unescaped(text.substr(at + 1, end - at - 1));
      at = end + 1;
      std::string word = once;
      if (at < text.size() && text[at] == '*') {
        const auto stop = std::min(text.find(' ', at), text.size());
        const auto times = base::parse_int(text.substr(at + 1, stop - at - 1));
        if (!times || *times < 1 || *times > 100'000) fail("write \"text\"*3");
        for (std::int64_t i = 1; i < *times; ++i) word += once;
        at = stop;
      }
      words_.push_back({std::move(word), true});
      // A comma may follow a quoted word.
      if (at < text.size() && text[at] == ',') {
        words_.push_back({","});
        ++at;
      }
      continue;
    }
    const auto end = std::min(text.find(' ', at), text.size());
    std::string_view word = text.substr(at, end - at);
    const bool comma = word.size() > 1 && word.back() == ',';
    if (comma) word.remove_suffix(1);
    words_.push_back({std::string(word)});
    if (comma) words_.push_back({","});
    at = end;
  }
}

std::string Words::take(std::string_view what) {
  if (done()) fail("here belongs " + std::string(what));
  return words_[next_++].text;
}

std::string Words::rest() {
  std::string text;
  while (!done()) {
    const std::string word = take("");
    text += text.empty() || word == "," ? word : " " + word;
  }
  return text;
}

bool Words::accept(std::string_view phrase) {
  std::size_t at = next_;
  for (const std::string_view word : base::split(phrase, ' ')) {
    if (at == words_.size() || words_[at].quoted || words_[at].text != word) return false;
    ++at;
  }
  next_ = at;
  return true;
}

void Words::expect(std::string_view phrase) {
  if (!accept(phrase)) fail("here belongs \"" + std::string(phrase) + "\"");
}

bool Words::next_is(std::string_view word) const {
  return !done() && !words_[next_].quoted && words_[next_].text == word;
}

bool Words::next_is_date() const {
  return !done() && calendar::parse_date(words_[next_].text).has_value();
}

Date Words::date(std::string_view what) {
  const std::string word = take(what);
  if (const auto date = calendar::parse_date(word)) return *date;
  fail(std::string(what) + " " + word + " is not a day (YYYY-MM-DD)");
}

int Words::integer(std::string_view what) {
  const std::string word = take(what);
  const auto value = base::parse_int(word);
  if (!value || *value < -1'000'000 || *value > 1'000'000)
    fail(std::string(what) + " " + word + " is not a whole number");
  return static_cast<int>(*value);
}

std::optional<int> Words::time_of_day() {
  if (done()) return {};
  const auto parts = base::split(words_[next_].text, ':');
  if (parts.size() < 2 || parts.size() > 3) return {};
  int seconds = 0;
  for (const std::string_view part : parts) {
    const auto value = base::parse_int(part);
    if (part.size() != 2 || !value || *value < 0 || *value > 59) return {};
    seconds = seconds * 60 + static_cast<int>(*value);
  }
  if (parts.size() == 2) seconds *= 60;
  if (seconds >= 86'400) return {};
  ++next_;
  return seconds;
}

void Words::end() const {
  if (!done()) fail("\"" + words_[next_].text + "\" is not understood here");
}

void Words::fail(std::string_view what) const { throw SyntaxError(file_, line_, what); }

}  // namespace arrears::scenarios
