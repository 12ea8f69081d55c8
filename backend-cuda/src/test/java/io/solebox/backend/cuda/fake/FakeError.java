package io.solebox.backend.cuda.fake;

/** Ends a call of the fake driver with this code. */
final class FakeError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final int INVALID_VALUE = 1;
  static final int OUT_OF_MEMORY = 2;
  static final int NOT_INITIALIZED = 3;
  static final int NO_DEVICE = 100;
  static final int INVALID_DEVICE = 101;
  static final int INVALID_CONTEXT = 201;
  static final int NO_BINARY_FOR_GPU = 209;
  static final int INVALID_PTX = 218;
  static final int PEER_ACCESS_UNSUPPORTED = 217;
  static final int UNSUPPORTED_PTX_VERSION = 222;
  static final int INVALID_HANDLE = 400;
  static final int NOT_FOUND = 500;
  static final int PEER_ACCESS_ALREADY_ENABLED = 704;
  static final int PEER_ACCESS_NOT_ENABLED = 705;
  static final int CONTEXT_IS_DESTROYED = 709;
  static final int LAUNCH_FAILED = 719;
  static final int NOT_READY = 600;
  static final int CAPTURE_UNSUPPORTED = 900;
  static final int UNKNOWN = 999;

  final int code;

  FakeError(int code, String why) {
    super(why);
    this.code = code;
  }

  /** As {@code cuGetErrorName} has them. */
  static String name(int code) {
    return switch (code) {
      case 0 -> "CUDA_SUCCESS";
      case INVALID_VALUE -> "CUDA_ERROR_INVALID_VALUE";
      case OUT_OF_MEMORY -> "CUDA_ERROR_OUT_OF_MEMORY";
      case NOT_INITIALIZED -> "CUDA_ERROR_NOT_INITIALIZED";
      case 34 -> "CUDA_ERROR_STUB_LIBRARY";
      case 46 -> "CUDA_ERROR_DEVICE_UNAVAILABLE";
      case NO_DEVICE -> "CUDA_ERROR_NO_DEVICE";
      case INVALID_DEVICE -> "CUDA_ERROR_INVALID_DEVICE";
      case INVALID_CONTEXT -> "CUDA_ERROR_INVALID_CONTEXT";
      case NO_BINARY_FOR_GPU -> "CUDA_ERROR_NO_BINARY_FOR_GPU";
      case 214 -> "CUDA_ERROR_ECC_UNCORRECTABLE";
      case PEER_ACCESS_UNSUPPORTED -> "CUDA_ERROR_PEER_ACCESS_UNSUPPORTED";
      case INVALID_PTX -> "CUDA_ERROR_INVALID_PTX";
      case 221 -> "CUDA_ERROR_JIT_COMPILER_NOT_FOUND";
      case UNSUPPORTED_PTX_VERSION -> "CUDA_ERROR_UNSUPPORTED_PTX_VERSION";
      case INVALID_HANDLE -> "CUDA_ERROR_INVALID_HANDLE";
      case NOT_FOUND -> "CUDA_ERROR_NOT_FOUND";
      case NOT_READY -> "CUDA_ERROR_NOT_READY";
      case 700 -> "CUDA_ERROR_ILLEGAL_ADDRESS";
      case PEER_ACCESS_ALREADY_ENABLED -> "CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED";
      case PEER_ACCESS_NOT_ENABLED -> "CUDA_ERROR_PEER_ACCESS_NOT_ENABLED";
      case CONTEXT_IS_DESTROYED -> "CUDA_ERROR_CONTEXT_IS_DESTROYED";
      case 716 -> "CUDA_ERROR_MISALIGNED_ADDRESS";
      case LAUNCH_FAILED -> "CUDA_ERROR_LAUNCH_FAILED";
      case 802 -> "CUDA_ERROR_SYSTEM_NOT_READY";
      case 803 -> "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH";
      case CAPTURE_UNSUPPORTED -> "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED";
      case UNKNOWN -> "CUDA_ERROR_UNKNOWN";
      default -> "CUDA_ERROR_" + code;
    };
  }
}
