// SPDX-License-Identifier: MIT
// The files that nginx and sluice both serve: @root@.  All of one age, so that Last-Modified and
// ETag can be written down.
#pragma once

#include "tests/support/temp_folder.h"

namespace sluice::tests::oracle {

// index.html, plain.txt, page.html, empty.txt, "with space.txt", sub/index.html, sub/page.html,
// bare/ (no index), app.js, data.unknown.
const TempFolder& files();

}  // namespace sluice::tests::oracle
