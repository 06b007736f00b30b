// SPDX-License-Identifier: MIT
#include "app/link.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

namespace sluice::app {
namespace {

TEST(Link, PassesMessagesWhole) {
  Link::Ends ends = Link::make();
  EXPECT_TRUE(ends.parent.send(Topic::listen, "127.0.0.1:80"));
  EXPECT_TRUE(ends.parent.send(Topic::reload));
  const auto first = ends.serving.receive();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->topic, Topic::listen);
  EXPECT_EQ(first->text, "127.0.0.1:80");
  const auto second = ends.serving.receive();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->topic, Topic::reload);
  EXPECT_EQ(second->text, "");
  EXPECT_FALSE(ends.serving.receive());
  EXPECT_FALSE(ends.serving.is_closed());
}

TEST(Link, PassesDescriptors) {
  Link::Ends ends = Link::make();
  const net::Descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  EXPECT_TRUE(ends.serving.send(Topic::ready, "x", {null.get(), null.get()}));
  const auto message = ends.parent.receive();
  ASSERT_TRUE(message);
  ASSERT_EQ(message->descriptors.size(), 2u);
  struct stat sent {};
  struct stat received {};
  ::fstat(null.get(), &sent);
  ::fstat(message->descriptors[1].get(), &received);
  EXPECT_EQ(received.st_rdev, sent.st_rdev);
  EXPECT_EQ(::fcntl(message->descriptors[0].get(), F_GETFD), FD_CLOEXEC);
}

TEST(Link, SaysWhatWasSentBeforeTheOtherSideEnded) {
  Link::Ends ends = Link::make();
  EXPECT_TRUE(ends.parent.send(Topic::reload));  // never read: the end becomes a reset
  EXPECT_TRUE(ends.serving.send(Topic::refused, "why"));
  ends.serving.close();
  const auto message = ends.parent.receive();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->text, "why");
  EXPECT_FALSE(ends.parent.receive());
  EXPECT_TRUE(ends.parent.is_closed());
  EXPECT_FALSE(ends.parent.send(Topic::reload));
}

TEST(Texts, AreTheSameWhenTheyComeOutOfMemory) {
  const Texts texts{{"/etc/nginx/nginx.conf", "events { }\nhttp { }\n"},
                    {"/empty", ""},
                    {"/with 1 2\nnumbers", std::string("7 7\n\0x", 6)}};
  EXPECT_EQ(take_from_memory(put_in_memory(texts)), texts);
  EXPECT_EQ(take_from_memory(put_in_memory({})), Texts{});
}

TEST(Texts, ThatAreNoneAreNotTaken) {
  net::Descriptor memory = put_in_memory({{"/a", "text"}});
  ASSERT_EQ(::ftruncate(memory.get(), 6), 0);
  EXPECT_EQ(take_from_memory(memory), std::nullopt);
}

}  // namespace
}  // namespace sluice::app
