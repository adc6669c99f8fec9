#pragma once

// Text that means harm to a reader, and a report that is full of it.

#include "report/sample.h"

#include <string>
#include <vector>

namespace faceoff::test {

inline const std::vector<std::string>& payloads() {
  static const std::vector<std::string> all{// terminal control
                                            "\x1b[2J\x1b[31mred",
                                            "\x1b]0;title\x07",
                                            "\x1b]8;;http://evil\x1b\\link",
                                            "\x1b]52;c;AAAA\x07",
                                            "\xc2\x9b"
                                            "31m",
                                            "\x7f\b\b\rover",
                                            "\x1b]unterminated",
                                            "two\nlines",
                                            "\x1bP1;dcs\x1b\\",
                                            // looks
                                            "\xe2\x80\xae"
                                            "desrever",
                                            "zero\xe2\x80\x8bwidth",
                                            "\xf3\xa0\x81\x81tag",
                                            "Z" +
                                                [] {
                                                  std::string marks;
                                                  for (int i = 0; i < 2000; ++i)
                                                    marks += "\xcc\x81";
                                                  return marks;
                                                }(),
                                            // CI runners
                                            "::error::x",
                                            "  ::add-mask::a",
                                            "foo ##[error]x",
                                            "##vso[task.setvariable variable=a]b",
                                            "x ::error file=a::b",
                                            "##teamcity[blockOpened]",
                                            // Markdown
                                            "```\n@user\n```",
                                            "</details><img src=x onerror=alert(1)>",
                                            "@user ![](http://evil/x.png)",
                                            "a|b|c",
                                            "`` ` ``",
                                            "[link](javascript:alert(1))",
                                            "<!-- x",
                                            "````````",
                                            // bytes
                                            std::string("nul\0in", 6),
                                            "\xff\xfe",
                                            "\xe4\xb8\x96\xe7\x95\x8c\xf0\x9f\x98\x80"};
  return all;
}

inline report::Report hostile_report(const std::string& payload) {
  SampleBackend evil = llama();
  evil.name = payload;
  evil.local = false;
  const std::vector<SampleBackend> backends{gpt(), evil};
  std::vector<store::Record> records = sample_records(backends[0], 24);
  for (store::Record& record : sample_records(evil, 24)) {
    records.push_back(std::move(record));
  }
  for (store::Record& record : records) {
    record.tags = {payload, "plain"};
    record.suite = payload;
  }
  records[24].case_id = payload;
  fail(records[24], backend::FailureKind::server_error, payload + "\n" + payload);
  store::Manifest manifest = sample_manifest(backends, 24);
  manifest.suite = payload;
  manifest.id = "x-" + payload;
  manifest.version = payload;
  manifest.finished_utc = payload;
  manifest.notes = {payload};
  manifest.backends[1].base_url = "https://" + payload + "/v1";
  report::Report report = report_of(manifest, records);
  report.next_commands = {payload};
  return report;
}

}  // namespace faceoff::test
