package io.solebox.backend.cuda.driver;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Optional;

/**
 * One call's return code, as the cause of the {@link SoleboxException} that a person sees. Code
 * that must tell one failure from another (out of memory, lost) asks here instead of reading text.
 */
public final class CudaFailure extends Exception {
  private static final long serialVersionUID = 1L;

  static final int OUT_OF_MEMORY = 2;
  static final int STUB_LIBRARY = 34;
  static final int DEVICE_BUSY = 46;
  static final int NO_DEVICE = 100;
  static final int NO_BINARY_FOR_GPU = 209;
  static final int ECC_UNCORRECTABLE = 214;
  static final int INVALID_PTX = 218;
  static final int NVLINK_UNCORRECTABLE = 220;
  static final int JIT_COMPILER_NOT_FOUND = 221;
  static final int UNSUPPORTED_PTX_VERSION = 222;
  static final int CONTAINED = 226;
  static final int ILLEGAL_ADDRESS = 700;
  static final int LAUNCH_OUT_OF_RESOURCES = 701;
  static final int PEER_ACCESS_ALREADY_ENABLED = 704;
  static final int CONTEXT_IS_DESTROYED = 709;
  static final int LAUNCH_FAILED = 719;
  static final int TENSOR_MEMORY_LEAK = 721;
  static final int SYSTEM_NOT_READY = 802;
  static final int DRIVER_MISMATCH = 803;
  static final int COMPAT_NOT_SUPPORTED = 804;
  static final int MPS_CLIENT_TERMINATED = 810;
  static final int EXTERNAL_DEVICE = 911;
  static final int UNKNOWN = 999;

  private final String call;
  private final int code;

  CudaFailure(String call, int code, String message) {
    super(message);
    this.call = call;
    this.code = code;
  }

  public String call() {
    return call;
  }

  /** As {@code CUresult} numbers it. */
  public int code() {
    return code;
  }

  /** The failure behind {@code thrown}, if the driver was the one that failed. */
  public static Optional<CudaFailure> behind(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof CudaFailure failure) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether every later call on this context fails as well, until it is torn down: by the manual of
   * {@code CUresult}, the codes after which "any further CUDA work will return the same error", and
   * those of a context that is not there any more. And an unknown error, of which the manual says
   * nothing: it is what a driver answers from then on when a card has fallen off the bus or the
   * machine has slept, and where it was of one call alone, a new context costs a load and no more.
   */
  public boolean losesContext() {
    return switch (code) {
      case ECC_UNCORRECTABLE, NVLINK_UNCORRECTABLE, CONTAINED -> true;
      case ILLEGAL_ADDRESS, 702, CONTEXT_IS_DESTROYED, 710, 714, 715, 716, 717, 718 -> true;
      case LAUNCH_FAILED, TENSOR_MEMORY_LEAK -> true;
      case MPS_CLIENT_TERMINATED, EXTERNAL_DEVICE, UNKNOWN -> true;
      default -> false;
    };
  }

  /** Whether it is the driver's compiler that cannot take PTX, or is not there. */
  public boolean isOfTheCompiler() {
    return switch (code) {
      case NO_BINARY_FOR_GPU, INVALID_PTX, JIT_COMPILER_NOT_FOUND, UNSUPPORTED_PTX_VERSION -> true;
      default -> false;
    };
  }

  /** What a person sees: the call, the code's name and text, and what to do. */
  SoleboxException explained(String place) {
    return new SoleboxException(errorCode(), place, getMessage(), remedy(), this);
  }

  private ErrorCode errorCode() {
    if (code == OUT_OF_MEMORY) {
      return ErrorCode.OUT_OF_MEMORY;
    }
    return isEnvironment() ? ErrorCode.DEVICE_UNAVAILABLE : ErrorCode.INTERNAL_ERROR;
  }

  /** Failures that come from the machine, not from a wrong call of ours. */
  private boolean isEnvironment() {
    return switch (code) {
      case 3, 4, STUB_LIBRARY, DEVICE_BUSY, NO_DEVICE, 101, NO_BINARY_FOR_GPU, INVALID_PTX -> true;
      case JIT_COMPILER_NOT_FOUND, UNSUPPORTED_PTX_VERSION, 304 -> true;
      case SYSTEM_NOT_READY, DRIVER_MISMATCH, COMPAT_NOT_SUPPORTED, 805 -> true;
      default -> losesContext();
    };
  }

  String remedy() {
    return switch (code) {
      case OUT_OF_MEMORY ->
          "Use a smaller --context, --kv-type, model or quantization, or end other programs on the"
              + " GPU (nvidia-smi lists them).";
      case STUB_LIBRARY -> "Take the CUDA toolkit's stubs folder out of LD_LIBRARY_PATH.";
      case DEVICE_BUSY ->
          "Another process holds the GPU alone: end it, or allow sharing with: sudo nvidia-smi -c 0";
      case NO_DEVICE ->
          "Check that nvidia-smi lists the card and that CUDA_VISIBLE_DEVICES does not hide it; a"
              + " container needs --gpus all.";
      case NO_BINARY_FOR_GPU, INVALID_PTX, LAUNCH_OUT_OF_RESOURCES ->
          "Update the NVIDIA driver; if that does not help, report this message.";
      case JIT_COMPILER_NOT_FOUND ->
          "Install the driver's libnvidia-ptxjitcompiler.so.1; a container needs"
              + " NVIDIA_DRIVER_CAPABILITIES=compute,utility.";
      case UNSUPPORTED_PTX_VERSION -> "Update the NVIDIA driver to branch 520 or later.";
      case SYSTEM_NOT_READY ->
          "On boards with NVSwitch start the fabric manager: sudo systemctl start"
              + " nvidia-fabricmanager";
      case DRIVER_MISMATCH ->
          "The driver was updated while the old kernel module stayed loaded: restart the machine.";
      case COMPAT_NOT_SUPPORTED ->
          "Take the cuda-compat folder out of LD_LIBRARY_PATH; this card does not support it.";
      case UNKNOWN ->
          call.equals("cuInit")
              ? "Load the driver's second module with: sudo nvidia-modprobe -u -c=0. If that does"
                  + " not help, restart the machine."
              : "Send the request again: the GPU is set up anew, if its driver still answers. If it"
                  + " happens again, see `dmesg | grep Xid`, and restart the machine.";
      case NVLINK_UNCORRECTABLE ->
          "A link between the GPUs has a fault: see nvidia-smi nvlink -e, and reset the GPUs or"
              + " restart the machine.";
      case CONTAINED ->
          "The card's memory has a fault that the card has contained: send the request again, for"
              + " the GPU is set up anew. Reset the GPU soon; nvidia-smi -q -d ECC,ROW_REMAPPER says"
              + " more.";
      case ECC_UNCORRECTABLE ->
          "The card's memory has a fault that it cannot correct: see nvidia-smi -q -d ECC, and"
              + " restart the machine.";
      default ->
          losesContext()
              ? "Send the request again: the GPU is set up anew. If it happens again, report this"
                  + " message; `dmesg | grep Xid` may show a hardware fault."
              : "Report this message; it shows a bug in Solebox.";
    };
  }
}
