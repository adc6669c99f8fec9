
namespace faceoff::run {}
