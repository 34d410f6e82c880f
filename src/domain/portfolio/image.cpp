#include "domain/portfolio/image.h"

#include <bit>
#include <cstddef>
#include <cstring>

#include "base/check.h"

namespace arrears::portfolio {
namespace {

constexpr std::uint64_t magic = 0x3149504152524541;
constexpr std::uint32_t layout_version = 4;
constexpr std::size_t alignment = 64;

struct ColumnEntry {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;
};

struct Header {
  std::uint64_t magic = portfolio::magic;
  std::uint32_t version = layout_version;
  std::uint32_t columns = column_count;
  std::uint64_t size = 0;
  ImageStamp stamp;
  std::array<ColumnEntry, column_count> directory{};
  std::uint64_t checksum = 0;  ///< of all before
};
static_assert(std::has_unique_object_representations_v<Header>);

/// Four lanes of multiply and rotate, as in xxHash: it finds damage, it does not prove origin.
std::uint64_t checksum_of(const void* data, std::size_t size) {
  constexpr std::uint64_t first = 0x9E3779B185EBCA87, second = 0xC2B2AE3D27D4EB4F;
  const auto* at = static_cast<const unsigned char*>(data);
  std::array<std::uint64_t, 4> lanes{first, second, ~first, ~second};
  const auto mix = [](std::uint64_t& lane, std::uint64_t word) {
    lane = std::rotl(lane + word * second, 31) * first;
  };
  std::size_t left = size;
  for (; left >= 32; left -= 32, at += 32) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), at, 32);
    for (std::size_t i = 0; i < 4; ++i) mix(lanes[i], words[i]);
  }
  std::array<unsigned char, 32> rest{};
  if (left > 0) std::memcpy(rest.data(), at, left);
  std::array<std::uint64_t, 4> words;
  std::memcpy(words.data(), rest.data(), 32);
  for (std::size_t i = 0; i < 4; ++i) mix(lanes[i], words[i]);
  std::uint64_t sum = size;
  for (const std::uint64_t lane : lanes) mix(sum, lane);
  return sum ^ (sum >> 29);
}

std::size_t aligned(std::size_t offset) { return (offset + alignment - 1) / alignment * alignment; }

Header layout_of(const Columns& columns) {
  Header header;
  std::size_t offset = aligned(sizeof(Header));
  std::size_t column = 0;
  for_each_column(columns, columns, [&](const auto& rows, const auto&) {
    header.directory[column++] = {offset, rows.size_bytes(), 0};
    offset = aligned(offset + rows.size_bytes());
  });
  header.size = offset;
  return header;
}

/// Whether all columns of a kind have one length, and those with a last row have it.
bool fit_together(const Columns& columns) {
  const std::size_t plain = columns.amount.size();
  const bool same = columns.issued_on.size() == plain && columns.due_on.size() == plain &&
                    columns.settled_on.size() == plain && columns.item_class.size() == plain &&
                    columns.value_lag.size() == plain && columns.known_from.size() == plain &&
                    columns.settled_known.size() == plain;
  const bool ended = !columns.customers.empty() && !columns.traced.empty() &&
                     !columns.marks.empty() && !columns.promises.empty();
  if (!same || !ended) return false;
  const CustomerRow& end = columns.customers.back();
  const PromiseRow& promises = columns.promises.back();
  return end.plain == plain && end.traced + 1 == columns.traced.size() &&
         end.cash == columns.cash.size() && end.versions == columns.versions.size() &&
         end.marks + 1 == columns.marks.size() && end.promises + 1 == columns.promises.size() &&
         columns.promise_deadline.size() + 1 == columns.promises.size() &&
         columns.promise_broken.size() + 1 == columns.promises.size() &&
         columns.traced.back().movements == columns.movements.size() &&
         columns.movement_kind.size() == columns.movements.size() &&
         columns.marks.back().refs == columns.mark_refs.size() &&
         promises.ends == columns.promise_ends.size() &&
         promises.refs == columns.promise_refs.size();
}

Header header_of(std::span<const std::byte> bytes) {
  Header header;
  std::memcpy(&header, bytes.data(), sizeof(Header));
  return header;
}

}  // namespace

std::size_t image_size(const Columns& columns) { return layout_of(columns).size; }

void write_image(const Columns& columns, const ImageStamp& stamp, std::span<std::byte> out) {
  Header header = layout_of(columns);
  ARREARS_REQUIRE(out.size() == header.size);
  header.stamp = stamp;
  std::size_t column = 0;
  std::size_t written = sizeof(Header);
  for_each_column(columns, columns, [&](const auto& rows, const auto&) {
    ColumnEntry& entry = header.directory[column++];
    std::memset(out.data() + written, 0, entry.offset - written);
    if (!rows.empty()) std::memcpy(out.data() + entry.offset, rows.data(), entry.bytes);
    entry.checksum = checksum_of(rows.data(), entry.bytes);
    written = entry.offset + entry.bytes;
  });
  std::memset(out.data() + written, 0, out.size() - written);
  header.checksum = checksum_of(&header, offsetof(Header, checksum));
  std::memcpy(out.data(), &header, sizeof(Header));
}

base::Result<Image, ImageProblem> open_image(std::span<const std::byte> bytes) {
  using enum ImageProblem;
  ARREARS_REQUIRE(reinterpret_cast<std::uintptr_t>(bytes.data()) % alignment == 0);
  if (bytes.size() < sizeof(Header)) return not_an_image;
  const Header header = header_of(bytes);
  if (header.magic != magic) return not_an_image;
  if (header.version != layout_version || header.columns != column_count) return other_version;
  if (header.checksum != checksum_of(&header, offsetof(Header, checksum))) return damaged_header;
  if (bytes.size() < header.size) return cut_short;
  Image image{header.stamp, {}, bytes};
  bool fits = true;
  std::size_t column = 0;
  for_each_column(image.columns, image.columns, [&](auto& rows, const auto&) {
    using Row = typename std::remove_reference_t<decltype(rows)>::element_type;
    const ColumnEntry& entry = header.directory[column++];
    fits = fits && entry.bytes % sizeof(Row) == 0 && entry.offset % alignment == 0 &&
           entry.offset <= header.size && entry.bytes <= header.size - entry.offset;
    if (!fits) return;
    rows = {reinterpret_cast<Row*>(bytes.data() + entry.offset), entry.bytes / sizeof(Row)};
  });
  if (!fits || !fit_together(image.columns)) return damaged_layout;
  return image;
}

bool is_intact(const Image& image, std::size_t column) {
  const ColumnEntry entry = header_of(image.bytes).directory[column];
  return entry.checksum == checksum_of(image.bytes.data() + entry.offset, entry.bytes);
}

}  // namespace arrears::portfolio
