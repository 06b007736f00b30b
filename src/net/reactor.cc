// SPDX-License-Identifier: MIT
#include "net/reactor.h"

#include <unistd.h>

#include <cassert>

#include "net/error.h"
#include "net/loop.h"

namespace sluice::net {

Watch::Watch(Loop& loop, int descriptor, Trigger trigger)
    : loop_(&loop), descriptor_(descriptor), trigger_(trigger) {
  loop.reactor().add(*this);
}

Watch::~Watch() {
  assert(!is_awaited());
  loop_->reactor().remove(*this);
}

void Watch::cancel() {
  // Waking may destroy this watch, so the waiters are read before the first is woken.  One waiter
  // may stand for several conditions: it takes itself off all of them when woken.
  for (const Until until : {Until::readable, Until::writable, Until::hung_up, Until::never}) {
    if (Waiter* waiter = waiters_[index(until)]) {
      waiters_[index(until)] = nullptr;
      waiter->woken(*this, until, true);
      return;  // the one coroutine that waits here has been told
    }
  }
}

void Watch::pause() {
  loop_->reactor().listen_to(*this, 0);
}
void Watch::resume() {
  loop_->reactor().listen_to(*this, EPOLLIN);
}

Reactor::Reactor() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) {
    throw std::system_error(last_system_error(), "epoll_create1");
  }
}

Reactor::~Reactor() {
  ::close(epoll_);
}

void Reactor::listen_to(const Watch& watch, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = const_cast<Watch*>(&watch);
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, watch.descriptor(), &event);
}

void Reactor::add(Watch& watch) {
  watch.next_ = watches_;
  if (watches_ != nullptr) {
    watches_->previous_ = &watch;
  }
  watches_ = &watch;
  const bool is_connection = watch.trigger_ == Watch::Trigger::edge;
  connections_ += is_connection ? 1 : 0;
  epoll_event event{};
  event.events = is_connection ? EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET : EPOLLIN;
  event.data.ptr = &watch;
  // Fails only for want of kernel memory (or past max_user_watches): as good as no descriptor.
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, watch.descriptor(), &event) != 0) {
    watch.ready_.fill(true);
  }
}

// A connection is closed next, which takes it out of the epoll set without another system call.  A
// listening socket may live on in another worker or in our parent, and would still be reported.
void Reactor::remove(Watch& watch) {
  if (watch.trigger_ == Watch::Trigger::level) {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, watch.descriptor(), nullptr);
  } else {
    --connections_;
  }
  if (watch.next_ != nullptr) {
    watch.next_->previous_ = watch.previous_;
  }
  (watch.previous_ != nullptr ? watch.previous_->next_ : watches_) = watch.next_;
  if (current_ == &watch) {
    current_ = nullptr;
  }
  for (std::size_t i = cursor_; i < count_; ++i) {
    if (events_[i].data.ptr == &watch) {
      events_[i].data.ptr = nullptr;
    }
  }
}

void Reactor::sleep(int most) {
  const int found = ::epoll_wait(epoll_, events_.data(), static_cast<int>(kBatch), most);
  count_ = found > 0 ? static_cast<std::size_t>(found) : 0;
}

void Reactor::turn() {
  for (cursor_ = 0; cursor_ < count_;) {
    const epoll_event event = events_[cursor_++];
    if (event.data.ptr != nullptr) {
      dispatch(*static_cast<Watch*>(event.data.ptr), event.events);
    }
  }
  count_ = cursor_ = 0;
}

void Reactor::dispatch(Watch& watch, std::uint32_t events) {
  const bool broken = (events & (EPOLLERR | EPOLLHUP)) != 0;
  const bool hung_up = broken || (events & EPOLLRDHUP) != 0;
  watch.ready_[0] |= hung_up || (events & EPOLLIN) != 0;
  watch.ready_[1] |= broken || (events & EPOLLOUT) != 0;
  watch.ready_[2] |= hung_up;
  current_ = &watch;
  for (const Until until : {Until::readable, Until::writable, Until::hung_up}) {
    Waiter*& waiter = watch.waiters_[Watch::index(until)];
    if (waiter != nullptr && watch.ready(until)) {
      Waiter* const woken = waiter;
      waiter = nullptr;
      woken->woken(watch, until, false);
      if (current_ != &watch) {
        return;  // the watch has gone
      }
    }
  }
  current_ = nullptr;
}

void Reactor::cancel_all() {
  // Each call may end coroutines and with them any number of watches: begin again after each.  A
  // watch nobody waits on belongs to somebody who will not wait again once the loop is stopping.
  for (Watch* watch = watches_; watch != nullptr;) {
    if (watch->is_awaited()) {
      watch->cancel();
      watch = watches_;
    } else {
      watch = watch->next_;
    }
  }
}

}  // namespace sluice::net
