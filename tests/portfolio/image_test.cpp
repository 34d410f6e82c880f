#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "adapters/storage/image_file.h"
#include "app/aging.h"
#include "app/daily_run.h"
#include "app/live_portfolio.h"
#include "random_desk.h"

/// The image: what a restart finds, and what it does with one that is not whole.
namespace arrears::app {
namespace {

using test::RandomDesk;

/// An image in memory that can be damaged.
class MemoryImage final : public PortfolioImageFile {
 public:
  std::optional<Bytes> open() override {
    if (bytes.empty()) return std::nullopt;
    struct alignas(64) Line {
      std::byte bytes[64];
    };
    auto copy = std::make_shared<std::vector<Line>>(bytes.size() / 64 + 1);
    std::memcpy(copy->data(), bytes.data(), bytes.size());
    return Bytes{{copy->data()->bytes, bytes.size()}, copy};
  }
  bool write(std::size_t size, const std::function<void(std::span<std::byte>)>& fill) override {
    bytes.resize(size);
    fill(bytes);
    return true;
  }

  std::vector<std::byte> bytes;
};

struct Opened {
  std::string answer;
  bool from_image = false;
  int notices = 0;
};

std::string answer(Store& store, LivePortfolio* portfolio, Date today) {
  const auto facts = store.read({});
  AgingQuery query;
  query.as_of = today;
  query.by = AgingBy::customer;
  return boost::json::serialize(*aging_report(*facts, query, portfolio)) +
         boost::json::serialize(*worklist(*facts, "E", today, "", true, 0, portfolio));
}

Opened open(RandomDesk& desk, MemoryImage& image) {
  Opened opened;
  PortfolioEvents events;
  events.notice = [&](std::string_view) { ++opened.notices; };
  LivePortfolio portfolio(desk.store(), &image, events);
  opened.answer = answer(desk.store(), &portfolio, desk.today());
  opened.from_image = portfolio.came_from_image();
  return opened;
}

void keep(RandomDesk& desk, MemoryImage& image) {
  LivePortfolio portfolio(desk.store(), &image, {});
  portfolio.refresh(*desk.store().read({}));
  portfolio.keep_image(KeepImage::always);
}

TEST(PortfolioImageKept, opens_and_takes_up_what_came_since) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    RandomDesk desk(seed, "");
    for (int i = 0; i < 120; ++i) desk.step();
    MemoryImage image;
    keep(desk, image);
    ASSERT_FALSE(image.bytes.empty());
    for (int stretch = 0; stretch < 4; ++stretch) {
      const Opened opened = open(desk, image);
      EXPECT_EQ(opened.answer, answer(desk.store(), nullptr, desk.today()));
      // A calendar that changed makes other deadlines: then the image is not used, and says so.
      EXPECT_NE(opened.from_image, opened.notices == 1);
      for (int i = 0; i < 15; ++i) desk.step();
    }
  }
}

TEST(PortfolioImageKept, is_made_again_where_it_is_damaged_or_cut) {
  RandomDesk desk(3, "");
  for (int i = 0; i < 200; ++i) desk.step();
  MemoryImage image;
  keep(desk, image);
  const std::vector<std::byte> whole = image.bytes;
  const std::string expected = answer(desk.store(), nullptr, desk.today());
  EXPECT_TRUE(open(desk, image).from_image);
  int noticed = 0;
  constexpr int trials = 150;
  for (int trial = 0; trial < trials; ++trial) {
    SCOPED_TRACE(trial);
    image.bytes = whole;
    const auto at =
        static_cast<std::size_t>(desk.pick(0, static_cast<std::int64_t>(whole.size()) - 1));
    if (trial % 5 == 0) {
      image.bytes.resize(at);
    } else {
      image.bytes[at] ^= std::byte(desk.pick(1, 255));
    }
    const Opened opened = open(desk, image);
    ASSERT_EQ(opened.answer, expected);
    noticed += opened.from_image ? 0 : 1;
    if (!opened.from_image && !image.bytes.empty()) {
      EXPECT_EQ(opened.notices, 1);
    }
  }
  // Between the columns a few bytes mean nothing.
  EXPECT_GT(noticed, trials / 2);
}

TEST(PortfolioImageKept, of_another_database_is_not_used) {
  RandomDesk one(4, "");
  RandomDesk other(4, "");
  for (int i = 0; i < 60; ++i) one.step();
  for (int i = 0; i < 60; ++i) other.step();
  MemoryImage image;
  keep(one, image);
  const Opened opened = open(other, image);
  EXPECT_FALSE(opened.from_image);
  EXPECT_EQ(opened.notices, 1);
  EXPECT_EQ(opened.answer, answer(other.store(), nullptr, other.today()));
}

class ImageFileTest : public ::testing::Test {
 protected:
  ImageFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "arrears-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~ImageFileTest() override { std::filesystem::remove_all(folder_); }

  static void fill(std::span<std::byte> out) { std::memset(out.data(), 'x', out.size()); }

  std::string folder_;
};

TEST_F(ImageFileTest, is_written_whole_for_its_user_only) {
  const std::string path = folder_ + "/new/a.portfolio";
  storage::ImageFile file(path);
  EXPECT_FALSE(file.open().has_value());
  ASSERT_TRUE(file.write(1000, fill));
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const auto opened = file.open();
  ASSERT_TRUE(opened.has_value());
  ASSERT_TRUE(file.write(64, fill));
  EXPECT_EQ(opened->bytes.size(), 1000U) << "an opened image outlives the next one";
  EXPECT_EQ(opened->bytes[999], std::byte{'x'});
  EXPECT_EQ(file.open()->bytes.size(), 64U);
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(ImageFileTest, of_a_folder_that_cannot_be_written_is_done_without) {
  std::ofstream(folder_ + "/file") << "no folder";
  storage::ImageFile file(folder_ + "/file/a.portfolio");
  EXPECT_FALSE(file.write(1000, fill));
  EXPECT_FALSE(file.open().has_value());
}

TEST_F(ImageFileTest, that_others_may_write_is_not_read) {
  const std::string path = folder_ + "/a.portfolio";
  storage::ImageFile file(path);
  ASSERT_TRUE(file.write(1000, fill));
  ASSERT_EQ(::chmod(path.c_str(), 0666), 0);
  EXPECT_FALSE(file.open().has_value());
}

}  // namespace
}  // namespace arrears::app
