// SPDX-License-Identifier: MIT
// Setters for the usual directives: `duration<&ProxySettings::read_timeout>` is all a row says.
// Each knows its field's default too, for it can make the settings and look.
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>

#include "confparse/line.h"
#include "confparse/show.h"

namespace sluice::confparse {

template <class Pointer>
struct FieldTraits;
template <class Part, class Value>
struct FieldTraits<Value Part::*> {
  using PartType = Part;
  using ValueType = Value;
};
template <auto Field>
using PartOf = typename FieldTraits<decltype(Field)>::PartType;
template <auto Field>
using ValueOf = typename FieldTraits<decltype(Field)>::ValueType;

// nginx takes any number below 2^63; beyond our field's range more makes no difference.
template <class Value>
Value clamped(std::uint64_t number) {
  return static_cast<Value>(std::min<std::uint64_t>(number, std::numeric_limits<Value>::max()));
}

template <auto Field>
inline constexpr Setter duration{
    [](Line& line) { line.part<PartOf<Field>>().*Field = line.duration(0); },
    [] { return show_duration(PartOf<Field>{}.*Field); }};

template <auto Field>
inline constexpr Setter number{
    [](Line& line) { line.part<PartOf<Field>>().*Field = clamped<ValueOf<Field>>(line.number(0)); },
    [] { return std::to_string(PartOf<Field>{}.*Field); }};

template <auto Field>
inline constexpr Setter size{
    [](Line& line) { line.part<PartOf<Field>>().*Field = line.size_value(0); },
    [] { return show_size(PartOf<Field>{}.*Field); }};

template <auto Field>
inline constexpr Setter offset{
    [](Line& line) { line.part<PartOf<Field>>().*Field = line.offset_value(0); },
    [] { return show_size(PartOf<Field>{}.*Field); }};

template <auto Field>
inline constexpr Setter flag{[](Line& line) { line.part<PartOf<Field>>().*Field = line.flag(0); },
                             [] { return show_flag(PartOf<Field>{}.*Field); }};

template <auto Field>
inline constexpr Setter word{[](Line& line) { line.part<PartOf<Field>>().*Field = line.word(0); },
                             [] { return std::string(PartOf<Field>{}.*Field); }};

// For rows without effect: the words are checked, then forgotten.
inline constexpr Setter unchecked{[](Line&) {}};
inline constexpr Setter checked_flag{[](Line& line) { static_cast<void>(line.flag(0)); }};
inline constexpr Setter checked_number{[](Line& line) { static_cast<void>(line.number(0)); }};
inline constexpr Setter checked_size{[](Line& line) { static_cast<void>(line.size_value(0)); }};
inline constexpr Setter checked_offset{[](Line& line) { static_cast<void>(line.offset_value(0)); }};
inline constexpr Setter checked_duration{[](Line& line) { static_cast<void>(line.duration(0)); }};

// A row of a directive that only tunes nginx's own machinery.
constexpr Rule without_effect(std::string_view name, Contexts contexts, Words words, Setter setter,
                              unsigned traits = 0) {
  return {name, contexts, words, setter, traits, {}, Standing::no_effect};
}

}  // namespace sluice::confparse
