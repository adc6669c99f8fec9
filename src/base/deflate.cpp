#include <faceoff/base/check.h>
#include <faceoff/base/deflate.h>

#include <zlib.h>

namespace faceoff {

std::string deflate(std::string_view bytes) {
  // Beyond this level text shrinks by a few per cent more and takes twice as long.
  constexpr int kLevel = 5;
  std::string out(compressBound(bytes.size()), '\0');
  uLongf size = out.size();
  const int done = compress2(reinterpret_cast<Bytef*>(out.data()),
                             &size,
                             reinterpret_cast<const Bytef*>(bytes.data()),
                             bytes.size(),
                             kLevel);
  // Only a lack of memory is left, which throws above.
  out.resize(done == Z_OK ? size : 0);
  return out;
}

}  // namespace faceoff
