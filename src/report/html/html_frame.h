#pragma once

// What every page of ours begins and ends with. Private to report.

#include "html_text.h"

#include <string_view>

namespace faceoff::report {

// The files beside this one, embedded by CMake. kHtmlThemeScript: the switch of light and dark, for
// pages that work without any other script.
extern const std::string_view kHtmlStyle;
extern const std::string_view kHtmlScript;
extern const std::string_view kHtmlThemeScript;

// Up to </head>. Nothing is loaded from anywhere, and only our style and this script are alive,
// even if some text should ever come to stand where markup is read. `what` is of our own words.
void page_head(Html& out, std::string_view title, Html::Literal what, std::string_view script);
// The script, and the end of the document.
void page_end(Html& out, std::string_view script);

}  // namespace faceoff::report
