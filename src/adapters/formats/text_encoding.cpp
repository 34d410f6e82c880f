#include "adapters/formats/text_encoding.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "adapters/formats/utf8.h"
#include "base/text.h"

namespace arrears::formats {

namespace {
constexpr std::size_t block_size = 1 << 16;
constexpr std::size_t utf16_sample = 1 << 13;
constexpr std::string_view utf8_bom = "\xEF\xBB\xBF";
constexpr std::string_view utf16le_bom = "\xFF\xFE";
constexpr std::string_view utf16be_bom = "\xFE\xFF";

std::string known_binary(std::string_view head) {
  struct Signature {
    std::string_view bytes;
    const char* name;
  };
  static constexpr auto signatures =
      std::to_array<Signature>({{"PK\x03\x04", "an XLSX workbook or another ZIP archive"},
                                {"\xD0\xCF\x11\xE0", "an old Excel workbook (XLS)"},
                                {"\x1F\x8B", "a gzip archive"},
                                {"%PDF-", "a PDF"}});
  for (const Signature& signature : signatures) {
    if (head.starts_with(signature.bytes)) return signature.name;
  }
  return {};
}

/// "utf-16le", "utf-16be" or empty. Western text in UTF-16 has a zero in every second byte; a file
/// that merely holds NUL bytes has more pairs of two readable letters than pairs with a zero.
std::string utf16_without_bom(std::string_view head) {
  const std::size_t pairs = head.size() / 2;
  std::size_t zero_first = 0;
  std::size_t zero_second = 0;
  std::size_t readable = 0;
  const auto is_readable = [](char c) { return c >= 0x20 && c <= 0x7E; };
  for (std::size_t i = 0; i < pairs; ++i) {
    const char first = head[2 * i];
    const char second = head[2 * i + 1];
    if (first == 0) ++zero_first;
    if (second == 0) ++zero_second;
    if (is_readable(first) && is_readable(second)) ++readable;
  }
  const auto plausible = [&](std::size_t zeros, std::size_t others) {
    return zeros >= 2 && zeros * 5 >= pairs && zeros > readable && others * 10 <= zeros;
  };
  if (plausible(zero_second, zero_first)) return "utf-16le";
  if (plausible(zero_first, zero_second)) return "utf-16be";
  return {};
}

struct Utf8Count {
  std::uint64_t sequences = 0;  ///< well-formed, of two bytes and more
  std::uint64_t bad_bytes = 0;
};

/// Counts `text`; returns how many bytes at its end may be the start of a longer sequence.
std::size_t count_utf8(std::string_view text, bool at_end, Utf8Count& count) {
  while (!text.empty()) {
    text.remove_prefix(plain_prefix(text));
    if (text.empty()) break;
    const std::size_t length = utf8_sequence(text);
    if (length == 0 && !at_end && text.size() < 4) return text.size();
    if (length == 0) ++count.bad_bytes;
    if (length > 1) ++count.sequences;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return 0;
}

Utf8Count count_utf8(ByteSource& source) {
  Utf8Count count;
  std::vector<char> block(block_size);
  std::size_t kept = 0;
  for (;;) {
    const std::size_t read = source.read(block.data() + kept, block.size() - kept);
    const std::string_view text(block.data(), kept + read);
    kept = count_utf8(text, read == 0, count);
    if (read == 0) return count;
    std::memmove(block.data(), text.data() + text.size() - kept, kept);
  }
}

std::string read_head(ByteSource& source) {
  std::string head(utf16_sample, '\0');
  std::size_t filled = 0;
  while (filled < head.size()) {
    const std::size_t read = source.read(head.data() + filled, head.size() - filled);
    if (read == 0) break;
    filled += read;
  }
  head.resize(filled);
  source.rewind();
  return head;
}

std::size_t bom_of(std::string_view encoding, std::string_view head) {
  if (encoding == "utf-8" && head.starts_with(utf8_bom)) return utf8_bom.size();
  if (encoding == "utf-16le" && head.starts_with(utf16le_bom)) return utf16le_bom.size();
  if (encoding == "utf-16be" && head.starts_with(utf16be_bom)) return utf16be_bom.size();
  return 0;
}

std::string encoding_of(ByteSource& source, std::string_view head) {
  if (head.starts_with(utf8_bom)) return "utf-8";
  if (head.starts_with(utf16le_bom)) return "utf-16le";
  if (head.starts_with(utf16be_bom)) return "utf-16be";
  if (std::string name = utf16_without_bom(head); !name.empty()) return name;
  const Utf8Count count = count_utf8(source);
  source.rewind();
  return count.bad_bytes > 0 && count.sequences <= count.bad_bytes ? "windows-1252" : "utf-8";
}

/// Writes U+FFFD for what the encoding does not know. ICU's own substitution writes a control
/// character for some encodings, which would pass as text.
void substitute(const void*, UConverterToUnicodeArgs* args, const char*, std::int32_t,
                UConverterCallbackReason reason, UErrorCode* status) {
  if (reason > UCNV_IRREGULAR) return;
  const UChar replacement = 0xFFFD;
  *status = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars(args, &replacement, 1, 0, status);
}

bool is_named(std::string_view text, std::initializer_list<const char*> names) {
  const std::string terminated(text);
  return std::any_of(names.begin(), names.end(), [&](const char* name) {
    return ucnv_compareNames(terminated.c_str(), name) == 0;
  });
}
}  // namespace

std::optional<std::string> encoding_name(std::string_view text) {
  if (is_named(text, {"utf8", "unicode-1-1-utf-8"})) return "utf-8";
  if (is_named(text, {"utf16", "utf16le", "ucs2", "unicode"})) return "utf-16le";
  if (is_named(text, {"utf16be"})) return "utf-16be";
  if (is_named(text, {"latin1", "iso88591", "l1"})) return "latin-1";
  if (is_named(text, {"windows1252", "cp1252", "ansi"})) return "windows-1252";
  std::string name = base::to_lower_ascii(text);
  if (name.empty() || name.find('\0') != std::string::npos) return {};
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(name.c_str(), &status);
  if (U_FAILURE(status)) return {};
  ucnv_close(converter);
  return name;
}

EncodingFinding find_encoding(ByteSource& source, std::string_view forced) {
  EncodingFinding finding;
  const std::string head = read_head(source);
  finding.not_text = known_binary(head);
  if (!finding.not_text.empty()) {
    finding.name = "binary";
    return finding;
  }
  // "utf-16" may mean either order; its byte order mark decides.
  const bool swapped = forced == "utf-16le" && head.starts_with(utf16be_bom);
  if (swapped) {
    finding.name = "utf-16be";
  } else {
    finding.name = forced.empty() ? encoding_of(source, head) : std::string(forced);
  }
  finding.guessed = forced.empty() && finding.name == "windows-1252";
  finding.bom_size = bom_of(finding.name, head);
  return finding;
}

struct Decoder::Converter {
  UConverter* icu = nullptr;
  std::vector<char> bytes = std::vector<char>(block_size);
  std::vector<UChar> units = std::vector<UChar>(block_size + 16);
  std::string text;     ///< UTF-8 not yet handed out
  std::size_t at = 0;   ///< how much of `text` is handed out
  UChar surrogate = 0;  ///< a high surrogate whose partner is in the next block
  bool ended = false;

  explicit Converter(const std::string& name) {
    UErrorCode status = U_ZERO_ERROR;
    icu = ucnv_open(name == "latin-1" ? "ISO-8859-1" : name.c_str(), &status);
    if (U_FAILURE(status)) throw std::invalid_argument("unknown encoding " + name);
    ucnv_setToUCallBack(icu, substitute, nullptr, nullptr, nullptr, &status);
  }
  ~Converter() { ucnv_close(icu); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  void append(char32_t point) {
    if (point < 0x80) {
      text += static_cast<char>(point);
    } else if (point < 0x800) {
      text += static_cast<char>(0xC0 | point >> 6);
      text += static_cast<char>(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
      text += static_cast<char>(0xE0 | point >> 12);
      text += static_cast<char>(0x80 | (point >> 6 & 0x3F));
      text += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      text += static_cast<char>(0xF0 | point >> 18);
      text += static_cast<char>(0x80 | (point >> 12 & 0x3F));
      text += static_cast<char>(0x80 | (point >> 6 & 0x3F));
      text += static_cast<char>(0x80 | (point & 0x3F));
    }
  }

  void append(const UChar* from, const UChar* to) {
    for (; from != to; ++from) {
      const bool low = U16_IS_TRAIL(*from);
      if (surrogate != 0) {
        if (low) {
          append(static_cast<char32_t>(U16_GET_SUPPLEMENTARY(surrogate, *from)));
          surrogate = 0;
          continue;
        }
        text += replacement_character;
        surrogate = 0;
      }
      if (U16_IS_LEAD(*from)) {
        surrogate = *from;
      } else if (low) {
        text += replacement_character;
      } else {
        append(static_cast<char32_t>(*from));
      }
    }
  }
};

Decoder::Decoder(ByteSource& source, const EncodingFinding& finding) : source_(source) {
  if (finding.name != "utf-8") converter_ = std::make_unique<Converter>(finding.name);
  std::array<char, 4> mark{};
  for (std::size_t left = finding.bom_size; left > 0;) left -= source_.read(mark.data(), left);
}

Decoder::~Decoder() = default;

bool Decoder::convert_block() {
  Converter& c = *converter_;
  if (c.ended) return false;
  const std::size_t count = source_.read(c.bytes.data(), c.bytes.size());
  c.ended = count == 0;
  c.text.clear();
  c.at = 0;
  const char* from = c.bytes.data();
  const char* const end = from + count;
  for (;;) {
    UErrorCode status = U_ZERO_ERROR;
    UChar* to = c.units.data();
    ucnv_toUnicode(c.icu, &to, to + c.units.size(), &from, end, nullptr, c.ended, &status);
    c.append(c.units.data(), to);
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    // What the encoding does not know has become U+FFFD; only a sequence cut off at the end of the
    // file still ends in an error.
    if (U_FAILURE(status)) c.text += replacement_character;
    break;
  }
  if (c.ended && c.surrogate != 0) c.text += replacement_character;
  return true;
}

std::size_t Decoder::read(char* to, std::size_t size) {
  if (!converter_) return source_.read(to, size);
  Converter& c = *converter_;
  while (c.at == c.text.size()) {
    if (!convert_block()) return 0;
  }
  const std::size_t count = std::min(size, c.text.size() - c.at);
  std::memcpy(to, c.text.data() + c.at, count);
  c.at += count;
  return count;
}

}  // namespace arrears::formats
