#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/formats/byte_source.h"

/// Which encoding a text file is in, and its bytes as UTF-8.
namespace arrears::formats {

/// The name by which an encoding is reported: "utf-8", "utf-16le", "utf-16be", "latin-1",
/// "windows-1252", or the lower-case name as given for the others that ICU knows ("shift_jis").
/// Case, blanks, `-` and `_` do not matter. Nothing if the encoding is unknown.
std::optional<std::string> encoding_name(std::string_view text);

/// What a look at the bytes told.
struct EncodingFinding {
  std::string name;          ///< as in encoding_name()
  std::size_t bom_size = 0;  ///< bytes of the byte order mark, which are not part of the text
  bool guessed = false;      ///< neither given nor told by the bytes: the usual one of the West
  std::string not_text;      ///< "an XLSX workbook" and the like; empty for text
};

/// Finds the encoding. A forced one (canonical name, empty: find it) only loses a byte order mark
/// that belongs to it. Otherwise: byte order mark; UTF-16 by the places of its zero bytes; then the
/// whole source is read: UTF-8 if well-formed, or if well-formed sequences outnumber bad bytes
/// (then the bad records are reported one by one), else Windows-1252. Leaves the source rewound.
EncodingFinding find_encoding(ByteSource& source, std::string_view forced);

/// A source's text as UTF-8, byte order mark removed, in blocks.
class Decoder {
 public:
  /// `source` must stand at its start and outlive the decoder.
  Decoder(ByteSource& source, const EncodingFinding& finding);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// Writes up to `size` (>= 1) bytes of UTF-8; 0 only at the end. From other encodings, bytes
  /// without meaning come as U+FFFD; UTF-8 itself is passed on unchecked.
  std::size_t read(char* to, std::size_t size);

  /// Whether the bytes are passed on as they are.
  bool is_utf8() const { return converter_ == nullptr; }

 private:
  struct Converter;
  bool convert_block();

  ByteSource& source_;
  std::unique_ptr<Converter> converter_;
};

}  // namespace arrears::formats
