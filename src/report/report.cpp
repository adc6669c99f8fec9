
namespace faceoff::report {}
