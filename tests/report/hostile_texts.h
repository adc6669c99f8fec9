#pragma once

#include <string>
#include <vector>

namespace faceoff::test {

// Texts that try to be more than text: what a model, a suite file or a server may hand to a page.
// Whatever of it came alive would make an element with the id or class "evil", or set window.evil.
inline const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> all{
      "</script><script>window.evil=1</script>",
      "</SCRIPT ><img id=evil src=x onerror=window.evil=1>",
      "<!--<script>",
      "--><svg/onload=window.evil=1><b class=evil>",
      "</title><h1 id=evil>x</h1><title>evil",
      "</style><style>body{display:none}</style>",
      "\"><a id=evil href=javascript:window.evil=1>x</a>",
      "' onmouseover='window.evil=1' class='evil",
      "javascript:window.evil=1",
      "[x](javascript:window.evil=1) ![x](http://evil.example/x.png)",
      "<iframe src=http://evil.example/></iframe><base href=http://evil.example/>",
      "<meta http-equiv=refresh content='0;url=http://evil.example/'><form action=x><input "
      "name=evil>",
      "]]></script><![CDATA[ <math><mtext></p><style><img id=evil>",
      "line\xe2\x80\xa8separator\xe2\x80\xa9paragraph",
      "\xe2\x80\xae\xe2\x81\xa6reversed\xe2\x81\xa9 zero\xe2\x80\x8bwidth \xf3\xa0\x81\xa5tag",
      "\x1b[31m\x1b]0;evil\x07\x1b]8;;http://evil.example\x1b\\link \xc2\x9b"
      "31m\x7f\b\rover",
      std::string("nul\0in", 6) + "\xff\xfe cut \xe4\xb8",
      "z" + std::string(400, '\xcc').insert(1, "\x81"),
      "&lt;img id=evil&gt; &#x3c;img id=evil&#x3e; \\u003cimg id=evil\\u003e",
      "{{constructor.constructor('window.evil=1')()}} ${window.evil=1} __proto__",
  };
  return all;
}

}  // namespace faceoff::test
