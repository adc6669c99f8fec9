#pragma once

#include "net/raw_server.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace faceoff::net {

template <class T, void (*free)(T*)>
struct OpenSslDeleter {
  void operator()(T* object) const { free(object); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDeleter<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, OpenSslDeleter<X509, X509_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, OpenSslDeleter<SSL_CTX, SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, OpenSslDeleter<SSL, SSL_free>>;

// A self-signed certificate and its key, made for one test.
struct Identity {
  KeyPtr key;
  CertificatePtr certificate;
};

// `alternative_name` as OpenSSL writes it: "IP:127.0.0.1", "DNS:other.invalid". Valid from a day
// before `ends_in_seconds` from now.
inline Identity make_identity(const std::string& alternative_name, long ends_in_seconds) {
  constexpr long kDay = 86'400;
  Identity identity{KeyPtr(EVP_EC_gen("P-256")), CertificatePtr(X509_new())};
  X509* certificate = identity.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), std::min(ends_in_seconds, 0L) - kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), ends_in_seconds);
  X509_set_pubkey(certificate, identity.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  const std::string common = "faceoff test";
  std::string bytes = common;
  X509_NAME_add_entry_by_NID(name,
                             NID_commonName,
                             MBSTRING_ASC,
                             static_cast<unsigned char*>(static_cast<void*>(&bytes[0])),
                             static_cast<int>(bytes.size()),
                             -1,
                             0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_name.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate, identity.key.get(), EVP_sha256());
  return identity;
}

// The certificate as a PEM file for as long as this lives.
class PemFile {
 public:
  explicit PemFile(const Identity& identity) {
    path_ = (std::filesystem::temp_directory_path() / "faceoff-ca-XXXXXX").string();
    const int fd = ::mkstemp(path_.data());
    std::FILE* file = ::fdopen(fd, "w");
    PEM_write_X509(file, identity.certificate.get());
    std::fclose(file);
  }
  PemFile(const PemFile&) = delete;
  PemFile& operator=(const PemFile&) = delete;
  ~PemFile() { ::unlink(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Answers one request per connection over TLS of at most `newest` (0: any).
inline RawServer::Script tls_script(const Identity& identity, std::string answer, int newest = 0) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), newest);
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  return [context, answer = std::move(answer)](RawServer::Peer& peer) {
    const SslPtr ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), peer.fd());
    char block[16384];
    if (SSL_accept(ssl.get()) == 1 && SSL_read(ssl.get(), block, sizeof block) > 0) {
      SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
      SSL_shutdown(ssl.get());
    }
  };
}

}  // namespace faceoff::net
