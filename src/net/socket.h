// SPDX-License-Identifier: MIT
// A connected TCP or unix: socket as a Stream.
#pragma once

#include "net/descriptor.h"
#include "net/stream.h"

namespace sluice::net {

class Socket final : public Stream {
 public:
  enum class State : bool { connecting, connected };
  // Takes over a non-blocking socket.
  Socket(Loop& loop, Descriptor descriptor, State state);

  Transfer read_now(std::span<char> into) override;
  Transfer write_now(std::span<const iovec> pieces) override;
  [[nodiscard]] bool can_splice() const override { return true; }
  Transfer splice_into(Pipe& pipe, std::size_t most) override;
  Transfer splice_from(Pipe& pipe) override;
  Interest readable() override { return {&watch_, Until::readable}; }
  Interest writable() override { return {&watch_, Until::writable}; }
  Interest hung_up() override { return {&watch_, Until::hung_up}; }
  Interest never() override { return {&watch_, Until::never}; }
  void cancel() override { watch_.cancel(); }
  void shut_down_sending() override;
  void collect_small_writes() override;
  void reset_on_close() override;
  [[nodiscard]] int descriptor() const override { return descriptor_.get(); }

 private:
  Descriptor descriptor_;  // closed after the watch has gone
  Watch watch_;
};

}  // namespace sluice::net
