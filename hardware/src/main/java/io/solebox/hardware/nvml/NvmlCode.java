package io.solebox.hardware.nvml;

/** Codes of {@code nvmlReturn_t} (nvml.h of API 13), in words. */
final class NvmlCode {
  static final int SUCCESS = 0;
  static final int NOT_SUPPORTED = 3;
  static final int NO_PERMISSION = 4;
  static final int INSUFFICIENT_SIZE = 7;
  static final int DRIVER_NOT_LOADED = 9;
  static final int FUNCTION_NOT_FOUND = 13;
  static final int GPU_IS_LOST = 15;
  static final int LIB_RM_VERSION_MISMATCH = 18;

  private NvmlCode() {}

  /** As a reason, in the middle of a sentence. */
  static String words(int code) {
    return switch (code) {
      case SUCCESS -> "done";
      case 1 -> "NVML was not begun";
      case 2 -> "NVML finds the value invalid";
      case NOT_SUPPORTED -> "this GPU cannot do or tell it";
      case NO_PERMISSION -> "root is needed";
      case 6 -> "NVML finds no such GPU";
      case INSUFFICIENT_SIZE -> "NVML had too little room";
      case 8 -> "the GPU's power cables are not all attached";
      case DRIVER_NOT_LOADED -> "the NVIDIA driver is not loaded";
      case 10 -> "NVML has timed out";
      case 11 -> "the kernel has an interrupt problem with the GPU";
      case FUNCTION_NOT_FOUND -> "this version of the NVIDIA driver does not have it";
      case 14 -> "the GPU's info ROM is corrupt";
      case GPU_IS_LOST -> "the GPU is lost: it fell off the bus or cannot be reached";
      case 16 -> "the GPU needs a reset";
      case 17 -> "the operating system keeps NVML from the GPU";
      case LIB_RM_VERSION_MISMATCH ->
          "the driver's library and its kernel module differ in version: restart the machine";
      case 19 -> "the GPU is in use";
      case 20 -> "NVML has no memory";
      case 25 -> "NVML expects another version of a structure";
      default -> "NVML says error " + code;
    };
  }
}
