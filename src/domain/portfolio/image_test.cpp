#include "domain/portfolio/image.h"

#include <gtest/gtest.h>

#include <cstring>

#include "domain/portfolio/test_book.h"

namespace arrears::portfolio {
namespace {

struct alignas(64) Block {
  std::byte bytes[64];
};

class PortfolioImage : public testing::Test {
 protected:
  PortfolioImage() {
    std::mt19937_64 random(3);
    Builder builder(store);
    for (std::int64_t id = 1; id < 6; ++id) {
      test::RandomCustomer customer(id, random, Date{20500}, true);
      test::live(customer, random, 40);
      test::FactRows rows(customer.recorded());
      rows.promises.push_back({{id},
                               Date{20510},
                               Date{20520},
                               4,
                               false,
                               true,
                               true,
                               {{rows.instalments[0].document, 1, 5}},
                               {{Date{20515}, 6}}});
      builder.add(rows.facts());
    }
    size = image_size(store.view());
    blocks.resize(size / sizeof(Block));
    write_image(store.view(), stamp, bytes());
  }

  std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(blocks)); }

  ColumnStore store;
  ImageStamp stamp{1, 2, 3};
  std::size_t size = 0;
  std::vector<Block> blocks;
};

TEST_F(PortfolioImage, holds_the_columns_byte_by_byte) {
  const auto opened = open_image(bytes());
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->stamp, stamp);
  const Columns expected = store.view();
  int filled = 0;
  for_each_column(expected, opened->columns, [&](const auto& a, const auto& b) {
    ASSERT_EQ(a.size(), b.size());
    filled += a.empty() ? 0 : 1;
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size_bytes()), 0);
  });
  EXPECT_GE(filled, 21);
  for (std::size_t column = 0; column < column_count; ++column) {
    EXPECT_TRUE(is_intact(*opened, column)) << column;
  }
}

TEST_F(PortfolioImage, shows_each_changed_byte) {
  const Image image = *open_image(bytes());
  std::size_t noticed = 0;
  for (std::size_t at = 0; at < size; at += 7) {
    bytes()[at] ^= std::byte{0x10};
    const auto opened = open_image(bytes());
    bool intact = opened.ok();
    for (std::size_t column = 0; intact && column < column_count; ++column) {
      intact = is_intact(*opened, column);
    }
    bool in_column = false;
    for_each_column(image.columns, image.columns, [&](const auto& rows, const auto&) {
      const auto* begin = reinterpret_cast<const std::byte*>(rows.data());
      in_column |= begin <= &bytes()[at] && &bytes()[at] < begin + rows.size_bytes();
    });
    ASSERT_FALSE(in_column && intact) << "byte " << at;
    noticed += intact ? 0 : 1;
    bytes()[at] ^= std::byte{0x10};
  }
  EXPECT_GT(noticed, size / 7 * 8 / 10);
}

TEST_F(PortfolioImage, says_what_is_wrong_in_order) {
  EXPECT_EQ(open_image(bytes().first(100)).error(), ImageProblem::not_an_image);
  EXPECT_EQ(open_image(bytes().first(size - 64)).error(), ImageProblem::cut_short);
  EXPECT_TRUE(open_image(bytes()).ok());
  struct Case {
    std::size_t at;
    ImageProblem problem;
  };
  for (const Case& damage :
       {Case{0, ImageProblem::not_an_image}, Case{8, ImageProblem::other_version},
        Case{12, ImageProblem::other_version}, Case{24, ImageProblem::damaged_header}}) {
    bytes()[damage.at] ^= std::byte{1};
    EXPECT_EQ(open_image(bytes()).error(), damage.problem) << damage.at;
    bytes()[damage.at] ^= std::byte{1};
  }
}

TEST_F(PortfolioImage, refuses_columns_that_do_not_fit_together) {
  store.settled_on.pop_back();
  std::vector<Block> other(image_size(store.view()) / sizeof(Block));
  write_image(store.view(), stamp, std::as_writable_bytes(std::span(other)));
  EXPECT_EQ(open_image(std::as_bytes(std::span(other))).error(), ImageProblem::damaged_layout);
}

}  // namespace
}  // namespace arrears::portfolio
