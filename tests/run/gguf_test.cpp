#include "gguf.h"

#include "support/temp_folder.h"

#include <faceoff/base/files.h>
#include <faceoff/run/managed_server.h>

#include <gtest/gtest.h>

namespace faceoff::run {
namespace {

const std::string kModel = std::string(FACEOFF_SOURCE_DIR) + "/models/nano.gguf";

TEST(Gguf, SaysHowLongAContextTheModelKnows) {
  EXPECT_EQ(gguf_context_length(kModel), 512U);
}

TEST(Gguf, AnyOtherFileSaysNothing) {
  const faceoff::test::TempFolder folder;
  EXPECT_EQ(gguf_context_length("/nowhere"), std::nullopt);
  EXPECT_EQ(gguf_context_length(folder.write("empty", "")), std::nullopt);
  EXPECT_EQ(gguf_context_length(folder.write("text", "GGUF and then something else entirely")),
            std::nullopt);
}

TEST(Gguf, EveryCutAndEveryDamagedByteOfTheHeaderIsSafe) {
  const faceoff::test::TempFolder folder;
  const std::string head = read_file(kModel)->substr(0, 600);
  for (std::size_t i = 0; i < head.size(); ++i) {
    static_cast<void>(gguf_context_length(folder.write("cut", head.substr(0, i))));
    std::string damaged = head;
    damaged[i] = static_cast<char>(0xFF);
    static_cast<void>(gguf_context_length(folder.write("damaged", damaged)));
  }
}

TEST(Gguf, EachSlotOfAServerOfOursGetsTheWholeContext) {
  const faceoff::test::TempFolder folder;
  const auto program = folder.write("llama-server", "#!/bin/sh\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  backend::Spec spec;
  spec.name = "nano";
  spec.adapter = "llama-server";
  spec.model = kModel;
  const auto environment = [&](std::string_view name) {
    return name == "LLAMA_SERVER" ? std::optional(program.string()) : std::nullopt;
  };
  const auto words = [&] { return (**plan_managed(spec, environment, "faceoff")).argv; };
  const auto argv = words();
  EXPECT_EQ(std::vector<std::string>(argv.end() - 4, argv.end()),
            (std::vector<std::string>{"-c", "2048", "-np", "4"}));
  spec.args = {"-c", "256"};
  EXPECT_EQ(words().back(), "256");
}

}  // namespace
}  // namespace faceoff::run
