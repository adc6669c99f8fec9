#include <faceoff/suite/template.h>

#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

namespace faceoff::suite {
namespace {

std::optional<std::string_view> sample(std::string_view name) {
  static const std::map<std::string, std::string, std::less<>> values{
      {"a", "1"},
      {"b", "{{a}}"},
      {"long", std::string(1000, 'x')},
      {"e.x-1_Y", "ok"},
      {"none", ""}};
  const auto it = values.find(name);
  return it == values.end() ? std::nullopt : std::optional<std::string_view>(it->second);
}

std::string filled(std::string_view text) {
  const auto result = render(text, sample);
  const auto* value = std::get_if<std::string>(&result);
  return value != nullptr ? *value : "error";
}

TemplateError error_of(std::string_view text) {
  const auto result = render(text, sample);
  const auto* error = std::get_if<TemplateError>(&result);
  EXPECT_NE(error, nullptr) << text;
  return error != nullptr ? *error : TemplateError{};
}

TEST(Template, ReplacesNamesAndLeavesTheRest) {
  EXPECT_EQ(filled(""), "");
  EXPECT_EQ(filled("no names { here } }}"), "no names { here } }}");
  EXPECT_EQ(filled("{{a}}+{{ a }}={{\ta\t}}"), "1+1=1");
  EXPECT_EQ(filled("{{e.x-1_Y}}"), "ok");
  EXPECT_EQ(filled("x{{none}}y"), "xy");
  EXPECT_EQ(filled(R"({"k": {"v": {{a}}}})"), R"({"k": {"v": 1}})");
}

TEST(Template, ABackslashMakesBracesLiteral) {
  EXPECT_EQ(filled("\\{{a}}"), "{{a}}");
  EXPECT_EQ(filled("\\{{a}} {{a}}"), "{{a}} 1");
  EXPECT_EQ(filled("{{a}}\\{{"), "1{{");
  EXPECT_EQ(filled("\\{a}"), "\\{a}");
}

TEST(TemplateFaults, SUI_04_ValuesAreNotExpandedAgain) {
  EXPECT_EQ(filled("{{b}}"), "{{a}}");
}

TEST(TemplateFaults, SUI_04_NoNameReachesTheEnvironment) {
  ASSERT_EQ(::setenv("FACEOFF_TEMPLATE_PROBE", "visible", 1), 0);
  for (const char* text : {"{{env.FACEOFF_TEMPLATE_PROBE}}",
                           "{{FACEOFF_TEMPLATE_PROBE}}",
                           "{{env.OPENAI_API_KEY}}",
                           "{{HOME}}"}) {
    EXPECT_EQ(error_of(text).kind, TemplateError::Kind::unknown_name) << text;
  }
}

TEST(TemplateFaults, SUI_04_PlacesAreGiven) {
  const auto unknown = error_of("12 {{ nope }} {{a}}");
  EXPECT_EQ(unknown.kind, TemplateError::Kind::unknown_name);
  EXPECT_EQ(unknown.offset, 3U);
  EXPECT_EQ(unknown.length, 10U);
  EXPECT_EQ(unknown.name, "nope");
  for (const char* text : {"1 {{", "1 {{a", "1 {{a}", "1 {{a\n}}", "1 {{a {{a}}", "1 {{a} }"}) {
    const auto unclosed = error_of(text);
    EXPECT_EQ(unclosed.kind, TemplateError::Kind::unclosed) << text;
    EXPECT_EQ(unclosed.offset, 2U) << text;
    EXPECT_EQ(unclosed.length, 2U) << text;
  }
  for (const char* text :
       {"{{}}", "{{ }}", "{{a b}}", "{{a|upper}}", "{{#if}}", "{{ü}}", "{{a()}}"}) {
    EXPECT_EQ(error_of(text).kind, TemplateError::Kind::bad_name) << text;
  }
}

TEST(TemplateFaults, SUI_04_TheResultIsBounded) {
  std::string text;
  for (int i = 0; i < 1048; ++i) {
    text += "{{long}}";
  }
  EXPECT_EQ(filled(text).size(), 1'048'000U);
  EXPECT_EQ(error_of(text + "{{long}}").kind, TemplateError::Kind::too_large);
  EXPECT_EQ(error_of(text + std::string(577, 'x')).kind, TemplateError::Kind::too_large);
  EXPECT_EQ(filled(text + std::string(576, 'x')).size(), kMaxRendered);
}

}  // namespace
}  // namespace faceoff::suite
