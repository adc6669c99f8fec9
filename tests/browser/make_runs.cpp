// Writes run folders for the browser test: make_runs FOLDER writes FOLDER/good, FOLDER/many (10,000
// cases), FOLDER/hostile, whose texts all try to be more than text, FOLDER/one, FOLDER/three and
// FOLDER/failed of other shapes, and FOLDER/runs, a suite over time.

#include "report/hostile_texts.h"
#include "report/sample.h"

#include <faceoff/store/run_folder.h>

#include <cstdio>
#include <string>

namespace faceoff::test {
namespace {

bool write(const std::filesystem::path& folder,
           const store::Manifest& manifest,
           const std::vector<store::Record>& records) {
  auto writer = store::RunWriter::create(folder, manifest);
  if (!writer) {
    std::fprintf(stderr, "%s\n", writer.error().message.c_str());
    return false;
  }
  for (const store::Record& record : records) {
    if (!(*writer)->append(record, TimePoint{})) {
      return false;
    }
  }
  return (*writer)->close().has_value();
}

std::string words(std::size_t seed, std::size_t count) {
  static const std::vector<std::string> all{
      "refunds", "are",   "paid",  "within", "thirty",  "days", "of",    "the",  "order",
      "unless",  "goods", "were",  "used",   "or",      "sent", "back",  "late", "then",
      "half",    "price", "holds", "and",    "postage", "is",   "yours", "to",   "pay"};
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    text += (text.empty() ? "" : " ") + all[(seed >> 33U) % all.size()];
  }
  return text + ".";
}

void fill(store::Record& record, std::size_t i, std::size_t side) {
  record.messages = {{.role = chat::Role::system, .text = "Answer in one sentence."},
                     {.role = chat::Role::user,
                      .text = "Question " + std::to_string(i) + ": what do the rules say of " +
                              words(i, 6) + "?"}};
  const std::string answer = "Within " + std::to_string(20 + i % 20) + " days";
  record.targets = {answer};
  record.completion.text = words(i, 12) + " " + (record.value == 1.0 ? answer : "Never") + ". " +
                           words(i + (side * 7) % 3, 10);
  record.completion.finish_text = "stop";
  record.completion.model = record.backend;
  record.scores = {{.scorer = "contains",
                    .value = record.value.value_or(0),
                    .answer = record.value == 1.0 ? std::optional(answer) : std::nullopt,
                    .reason = record.value == 1.0 ? "the answer contains '" + answer + "'"
                                                  : "the answer does not contain '" + answer + "'"},
                   {.scorer = "f1/squad",
                    .value = 0.25 + 0.5 * record.value.value_or(0),
                    .answer = std::nullopt,
                    .reason = "words in common",
                    .counts = false,
                    .trace = {{.step = "last line", .taken = words(i, 4)},
                              {.step = "regex", .taken = std::nullopt}}}};
}

std::vector<store::Record> plain_records(std::size_t cases) {
  std::vector<store::Record> records;
  for (std::size_t i = 0; i < cases; ++i) {
    std::size_t side = 0;
    for (const SampleBackend& backend : {gpt(), llama()}) {
      store::Record record = sample_record(backend, i);
      fill(record, i, side++);
      records.push_back(std::move(record));
    }
  }
  if (records.size() < 300) {
    return records;
  }
  for (const std::size_t i : {10U, 120U, 280U}) {
    store::Attempt throttled = records[i].attempts.front();
    throttled.http_status = 429;
    throttled.failure = backend::FailureKind::rate_limited;
    throttled.message = "slow down";
    records[i].attempts.insert(records[i].attempts.begin(), throttled);
    records[i].attempts.back().number = 2;
    records[i].attempts.back().waited = from_ms(1500);
  }
  records[34].outcome = score::Outcome::refused;
  records[34].value = 0.0;
  records[34].completion.refusal = "I cannot help with that.";
  records[34].completion.text.clear();
  records[34].scores.clear();
  fail(records[89],
       backend::FailureKind::server_error,
       "HTTP 500 from 127.0.0.1: failed to find a slot");
  records[181].outcome = score::Outcome::truncated;
  records[181].value = 0.0;
  return records;
}

std::vector<store::Record> hostile_records(const SampleBackend& evil) {
  std::vector<store::Record> records;
  const auto& texts = hostile_texts();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (const SampleBackend& backend : {gpt(), evil}) {
      const std::string& text = texts[i];
      store::Record record = sample_record(backend, i);
      record.case_id = std::to_string(i) + text;
      record.tags = {text};
      record.cluster = text;
      record.targets = {text};
      record.messages = {{.role = chat::Role::user, .text = text + "\n" + text}};
      record.completion.text = "the answer: " + text + " and more";
      record.completion.reasoning = text;
      record.completion.refusal = text;
      record.completion.model = text;
      record.completion.finish_text = text;
      record.completion.tool_calls = {{.id = text, .name = text, .arguments = text}};
      record.warnings = {text};
      record.scores = {{.scorer = "judge",
                        .value = 0.5,
                        .answer = text,
                        .reason = text,
                        .label = text,
                        .trace = {{.step = text, .taken = text}}}};
      if (i % 4 == 3) {
        fail(record, backend::FailureKind::server_error, text);
        record.attempts.back().message = text;
      }
      records.push_back(std::move(record));
    }
  }
  return records;
}

// Eight runs of one suite: its text changes once, and so does a model.
bool write_history(const std::filesystem::path& folder) {
  for (std::size_t i = 0; i < 8; ++i) {
    SampleBackend first = gpt();
    SampleBackend second = llama();
    first.passes_of_20 = 14 + i % 4;
    second.ttft_ms *= 1.0 + 0.08 * static_cast<double>(i);
    std::vector<store::Record> records = sample_records(first, 60);
    for (store::Record& record : sample_records(second, 60)) {
      records.push_back(std::move(record));
    }
    store::Manifest manifest = sample_manifest({first, second}, 60);
    const std::string day = "2026-08-1" + std::to_string(i);
    manifest.id = "support-2026081" + std::to_string(i) + "T140311Z-7f3a92c" + std::to_string(i);
    manifest.started_utc = day + "T14:03:11.042Z";
    manifest.suite_digest = i < 3 ? "older" : "newer";
    manifest.backends[1].model = i < 6 ? "scout-q4" : "scout-q8";
    if (i == 4) {
      manifest.state = store::RunState::interrupted;
    }
    if (!write(folder / manifest.id, manifest, records)) {
      return false;
    }
  }
  return true;
}

// One backend, three of them, and one whose every trial failed.
bool write_shapes(const std::filesystem::path& folder) {
  SampleBackend third = llama();
  third.name = "a-backend-with-quite-a-long-name";
  third.passes_of_20 = 12;
  std::vector<store::Record> failed = sample_records(gpt(), 40);
  for (store::Record& record : failed) {
    fail(record, backend::FailureKind::refused, "connection refused by 127.0.0.1:8080");
  }
  std::vector<store::Record> three = plain_records(60);
  for (std::size_t i = 0; i < 60; ++i) {
    store::Record record = sample_record(third, i);
    fill(record, i, 2);
    three.push_back(std::move(record));
  }
  return write(folder / "one", sample_manifest({gpt()}, 40), sample_records(gpt(), 40)) &&
         write(folder / "three", sample_manifest({gpt(), llama(), third}, 60), three) &&
         write(folder / "failed", sample_manifest({gpt()}, 40), failed);
}

bool write_all_runs(const std::filesystem::path& folder) {
  const std::vector<SampleBackend> both{gpt(), llama()};
  SampleBackend evil = llama();
  evil.name = hostile_texts().front();
  evil.local = false;
  store::Manifest hostile = sample_manifest({gpt(), evil}, hostile_texts().size());
  const std::string& text = hostile_texts()[1];
  hostile.suite = text;
  hostile.description = text;
  hostile.command = {"faceoff", "run", text};
  hostile.notes = hostile_texts();
  hostile.scorers = {text};
  hostile.backends[1].model = text;
  hostile.backends[1].base_url = "https://" + text + "/v1";
  hostile.backends[1].identity.server = text;
  return write_history(folder / "runs") && write_shapes(folder) &&
         write(folder / "good", sample_manifest(both, 200), plain_records(200)) &&
         write(folder / "many", sample_manifest(both, 10'000), plain_records(10'000)) &&
         write(folder / "hostile", hostile, hostile_records(evil));
}

}  // namespace
}  // namespace faceoff::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_runs FOLDER\n", stderr);
    return 2;
  }
  return faceoff::test::write_all_runs(argv[1]) ? 0 : 1;
}
