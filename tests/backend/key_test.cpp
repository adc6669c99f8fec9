#include "support.h"

#include <faceoff/base/secret.h>

#include <gtest/gtest.h>

namespace faceoff::backend::testing {
namespace {

// Long enough for the redactor, and of no vendor's shape.
const std::string kKey = "dummy-key-for-tests";

Spec spec_of(std::string_view adapter, std::optional<std::string> base_url, Origin origin) {
  Spec spec;
  spec.name = "b";
  spec.adapter = adapter;
  spec.model = "m";
  spec.base_url = std::move(base_url);
  spec.origin = origin;
  return spec;
}

Environment with_key(std::string key = kKey) {
  return environment({{"OPENAI_API_KEY", std::move(key)}});
}

net::HttpRequest request_of(const Backend& backend) {
  auto request = backend.encode({{{chat::Role::user, "hi"}}, {}});
  EXPECT_TRUE(request);
  return request.value_or(net::HttpRequest{});
}

std::string error_of(const Spec& spec, const Environment& env) {
  const auto backend = create(spec, env);
  EXPECT_FALSE(backend);
  if (backend) {
    return {};
  }
  EXPECT_EQ(backend.error().kind, ErrorKind::usage);
  EXPECT_EQ(backend.error().message.find(kKey), std::string::npos);
  return backend.error().message;
}

TEST(Key, GoesToTheVendorsHost) {
  const auto backend = make(spec_of("openai", std::nullopt, Origin::built_in), with_key());
  const net::HttpRequest request = request_of(*backend);
  EXPECT_EQ(request.url, "https://api.openai.com/v1/chat/completions");
  ASSERT_TRUE(request.secret);
  EXPECT_EQ(request.secret->name, "Authorization");
  EXPECT_EQ(request.secret->prefix, "Bearer ");
  EXPECT_EQ(request.secret->value.reveal(), kKey);
  EXPECT_EQ(redactor().redact("a " + kKey + " b"), "a [redacted] b");
}

TEST(Key, OfAProjectFileThatNamesTheVendorItselfIsSent) {
  const auto backend =
      make(spec_of("openai", "https://api.openai.com/v1", Origin::project), with_key());
  EXPECT_TRUE(request_of(*backend).secret);
}

TEST(Key, Key04NeverGoesToAHostThatOnlyAProjectFileNamed) {
  for (const char* url : {"http://127.0.0.1:9",
                          "https://api.openai.com.evil.example/v1",
                          "https://api.openai.com:8443/v1"}) {
    const std::string message = error_of(spec_of("openai", url, Origin::project), with_key());
    EXPECT_NE(message.find("your own configuration"), std::string::npos) << message;
    EXPECT_NE(message.find("OPENAI_API_KEY"), std::string::npos) << message;
  }
}

TEST(Key, Key04GoesToAProjectsHostThatTheEnvironmentNamesToo) {
  const Environment env = environment(
      {{"OPENAI_API_KEY", kKey}, {"OPENAI_BASE_URL", "https://gateway.example/openai"}});
  const auto backend = make(spec_of("openai", "https://gateway.example/v1", Origin::project), env);
  EXPECT_TRUE(request_of(*backend).secret);
}

TEST(Key, GoesWhereUserFlagOrEnvironmentSay) {
  for (const Origin origin : {Origin::user, Origin::flag}) {
    const auto backend = make(spec_of("openai", "https://gateway.example/v1", origin), with_key());
    EXPECT_TRUE(request_of(*backend).secret);
  }
  const Environment env =
      environment({{"OPENAI_API_KEY", kKey}, {"OPENAI_BASE_URL", "https://gateway.example/v1/"}});
  const auto backend = make(spec_of("openai", std::nullopt, Origin::built_in), env);
  EXPECT_EQ(request_of(*backend).url, "https://gateway.example/v1/chat/completions");
  EXPECT_TRUE(request_of(*backend).secret);
}

TEST(Key, Key05DoesNotCrossANetworkUnencrypted) {
  const Environment env =
      environment({{"OPENAI_API_KEY", kKey}, {"OPENAI_BASE_URL", "http://10.0.0.5"}});
  const std::string message = error_of(spec_of("openai", std::nullopt, Origin::built_in), env);
  EXPECT_NE(message.find("https"), std::string::npos);
  for (const char* url : {"http://gateway.example/v1", "http://93.184.216.34/v1"}) {
    error_of(spec_of("openai", url, Origin::user), with_key());
  }
}

TEST(Key, Key05CrossesAPrivateNetworkThatTheUserNamed) {
  const auto backend = make(spec_of("openai", "http://10.0.0.5/v1", Origin::user), with_key());
  EXPECT_TRUE(request_of(*backend).secret);
}

TEST(Key, Key06IsTrimmed) {
  const Spec spec = spec_of("openai", std::nullopt, Origin::built_in);
  for (const std::string& value :
       {kKey + "\n", kKey + "\r\n", "\xEF\xBB\xBF" + kKey, "  " + kKey + "\t"}) {
    const auto backend = make(spec, with_key(value));
    EXPECT_EQ(request_of(*backend).secret->value.reveal(), kKey);
  }
}

TEST(Key, Key06WithInnerBlanksOrControlsIsRefusedUnseen) {
  const Spec spec = spec_of("openai", std::nullopt, Origin::built_in);
  for (const std::string& value :
       {kKey + " x", kKey + "\r\nX: y", kKey + "\x01", kKey + "\xC3\xA9"}) {
    const std::string message = error_of(spec, with_key(value));
    EXPECT_NE(message.find("OPENAI_API_KEY"), std::string::npos);
  }
}

TEST(Key, ThatIsMissingIsNamed) {
  const Spec spec = spec_of("openai", std::nullopt, Origin::built_in);
  EXPECT_NE(error_of(spec, environment()).find("set OPENAI_API_KEY"), std::string::npos);
  EXPECT_NE(error_of(spec, with_key(" \n")).find("set OPENAI_API_KEY"), std::string::npos);
  Spec other = spec_of("openai-compatible", "https://gateway.example/v1", Origin::user);
  other.key_env = "GATEWAY_KEY";
  EXPECT_NE(error_of(other, with_key()).find("set GATEWAY_KEY"), std::string::npos);
}

TEST(Key, OfTheUsersOwnVariableReplacesTheVendors) {
  Spec spec = spec_of("openai-compatible", "https://gateway.example/v1", Origin::user);
  spec.key_env = "GATEWAY_KEY";
  const auto backend =
      make(spec, environment({{"GATEWAY_KEY", kKey}, {"VLLM_API_KEY", "other-key"}}));
  EXPECT_EQ(request_of(*backend).secret->value.reveal(), kKey);
}

TEST(Key, OfALocalServerGoesToLoopbackEvenForAProject) {
  for (const auto& [adapter, variable] : {std::pair("llama-server", "LLAMA_API_KEY"),
                                          std::pair("openai-compatible", "VLLM_API_KEY")}) {
    const Environment env = environment({{variable, kKey}});
    const auto local = make(spec_of(adapter, "http://127.0.0.1:9/v1", Origin::project), env);
    EXPECT_TRUE(request_of(*local).secret);
    error_of(spec_of(adapter, "https://far.example/v1", Origin::project), env);
    const auto keyless = make(spec_of(adapter, "https://far.example/v1", Origin::project));
    EXPECT_FALSE(request_of(*keyless).secret);
  }
}

TEST(Key, IsNotSentToAManagedServer) {
  Spec spec = spec_of("openai", "http://127.0.0.1:9/v1", Origin::project);
  spec.managed = true;
  const auto backend =
      make(spec, environment({{"OPENAI_API_KEY", kKey}, {"OPENAI_ORG_ID", "org"}}));
  const net::HttpRequest request = request_of(*backend);
  EXPECT_FALSE(request.secret);
  EXPECT_EQ(net::find_header(request.headers, "OpenAI-Organization"), std::nullopt);
  EXPECT_EQ(request.reach, net::Reach::loopback);
}

TEST(Key, OfAManagedServerWithoutAddressStartsNothing) {
  Spec spec = spec_of("openai", std::nullopt, Origin::built_in);
  spec.managed = true;
  error_of(spec, with_key());
}

TEST(Key, ComesWithTheAccountsHeaders) {
  const Environment env = environment(
      {{"OPENAI_API_KEY", kKey}, {"OPENAI_ORG_ID", "org-1"}, {"OPENAI_PROJECT_ID", "proj_1"}});
  const auto backend = make(spec_of("openai", std::nullopt, Origin::built_in), env);
  const net::HttpRequest request = request_of(*backend);
  EXPECT_EQ(net::find_header(request.headers, "OpenAI-Organization"), "org-1");
  EXPECT_EQ(net::find_header(request.headers, "OpenAI-Project"), "proj_1");
  error_of(spec_of("openai", std::nullopt, Origin::built_in),
           environment({{"OPENAI_API_KEY", kKey}, {"OPENAI_ORG_ID", "a\r\nX: y"}}));
}

TEST(AzureKey, GoesToItsEndpointUnderItsOwnHeader) {
  const Environment env = environment({{"AZURE_OPENAI_API_KEY", kKey},
                                       {"AZURE_OPENAI_ENDPOINT", "https://me.openai.azure.com/"},
                                       {"OPENAI_API_VERSION", "2024-10-21"}});
  const auto backend = make(spec_of("openai", std::nullopt, Origin::built_in), env);
  const net::HttpRequest request = request_of(*backend);
  EXPECT_EQ(request.url,
            "https://me.openai.azure.com/openai/deployments/m/chat/completions"
            "?api-version=2024-10-21");
  ASSERT_TRUE(request.secret);
  EXPECT_EQ(request.secret->name, "api-key");
  EXPECT_EQ(request.secret->prefix, "");
  EXPECT_TRUE(backend->probes().empty());
}

TEST(AzureKey, WithoutVersionUsesTheV1Address) {
  const Environment env = environment({{"AZURE_OPENAI_AD_TOKEN", kKey}});
  const auto backend =
      make(spec_of("openai", "https://me.openai.azure.com/openai/v1/", Origin::user), env);
  const net::HttpRequest request = request_of(*backend);
  EXPECT_EQ(request.url, "https://me.openai.azure.com/openai/v1/chat/completions");
  EXPECT_EQ(request.secret->name, "Authorization");
}

TEST(AzureKey, Key04NeverGoesToAnAzureHostOfAProjectFile) {
  Spec spec = spec_of("openai", "https://evil.openai.azure.com", Origin::project);
  spec.api_version = "2024-10-21";
  error_of(spec,
           environment({{"AZURE_OPENAI_API_KEY", kKey},
                        {"AZURE_OPENAI_ENDPOINT", "https://me.openai.azure.com"}}));
  // OpenAI's own key does not go to Azure either.
  error_of(spec, with_key());
}

TEST(AzureKey, DoesNotTakeOverWhenOpenAisOwnKeyIsSet) {
  const Environment env = environment({{"OPENAI_API_KEY", kKey},
                                       {"AZURE_OPENAI_API_KEY", "other-key"},
                                       {"AZURE_OPENAI_ENDPOINT", "https://me.openai.azure.com"}});
  const auto backend = make(spec_of("openai", std::nullopt, Origin::built_in), env);
  EXPECT_EQ(backend->base_url(), "https://api.openai.com/v1");
}

TEST(LlamaServerAddress, ComesFromItsVariablesOnlyWithAPort) {
  const Spec spec = spec_of("llama-server", std::nullopt, Origin::built_in);
  EXPECT_EQ(make(spec, environment({{"LLAMA_ARG_PORT", "9931"}}))->base_url(),
            "http://127.0.0.1:9931");
  EXPECT_EQ(
      make(spec, environment({{"LLAMA_ARG_PORT", "1"}, {"LLAMA_ARG_HOST", "0.0.0.0"}}))->base_url(),
      "http://127.0.0.1:1");
  EXPECT_EQ(
      make(spec, environment({{"LLAMA_ARG_PORT", "1"}, {"LLAMA_ARG_HOST", "::"}}))->base_url(),
      "http://[::1]:1");
  error_of(spec, environment({{"LLAMA_ARG_HOST", "127.0.0.1"}}));
  error_of(spec, environment({{"LLAMA_ARG_PORT", "1"}, {"LLAMA_ARG_HOST", "/tmp/llama.sock"}}));
}

TEST(Key, Key04GoesToAProjectsHostThatTheUserAllows) {
  Spec spec = spec_of("openai", "https://gateway.example:8443/v1", Origin::project);
  for (const char* allowed : {"gateway.example", "GATEWAY.example:8443"}) {
    spec.allow_hosts = {"other.example", allowed};
    EXPECT_TRUE(request_of(*make(spec, with_key())).secret) << allowed;
  }
  for (const char* allowed :
       {"example", "gateway.example:443", "way.example", "gateway.example."}) {
    spec.allow_hosts = {allowed};
    EXPECT_NE(error_of(spec, with_key()).find("--allow-host gateway.example:8443"),
              std::string::npos);
  }
  spec.base_url = "https://[2001:db8::1]/v1";
  spec.allow_hosts = {"[2001:db8::1]"};
  EXPECT_TRUE(request_of(*make(spec, with_key())).secret);
}

TEST(Key, Key05CrossesAPrivateNetworkToAnAllowedHost) {
  const Environment env =
      environment({{"OPENAI_API_KEY", kKey}, {"OPENAI_BASE_URL", "http://10.0.0.5"}});
  Spec spec = spec_of("openai", std::nullopt, Origin::built_in);
  EXPECT_NE(error_of(spec, env).find("--allow-host 10.0.0.5:80"), std::string::npos);
  spec.allow_hosts = {"10.0.0.5"};
  EXPECT_TRUE(request_of(*make(spec, env)).secret);
  spec = spec_of("openai", "http://host.docker.internal:8080/v1", Origin::flag);
  spec.allow_hosts = {"host.docker.internal"};
  EXPECT_TRUE(request_of(*make(spec, with_key())).secret);
  // Nobody's word makes the open network safe.
  spec = spec_of("openai", "http://gateway.example/v1", Origin::flag);
  spec.allow_hosts = {"gateway.example"};
  EXPECT_NE(error_of(spec, with_key()).find("use https"), std::string::npos);
}

TEST(Key, Key06OfAFileComesBeforeTheVariable) {
  Spec spec = spec_of("openai", std::nullopt, Origin::built_in);
  spec.key = Secret("\xEF\xBB\xBFkey-of-the-file\r\n");
  spec.key_source = "some/file";
  EXPECT_EQ(request_of(*make(spec, with_key())).secret->value.reveal(), "key-of-the-file");
  spec.key = Secret("two key-of-the-file words");
  const std::string message = error_of(spec, with_key());
  EXPECT_NE(message.find("some/file"), std::string::npos);
  EXPECT_EQ(message.find("key-of-the-file"), std::string::npos);
}

}  // namespace
}  // namespace faceoff::backend::testing
