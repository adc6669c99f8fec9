
namespace faceoff::cli {}
