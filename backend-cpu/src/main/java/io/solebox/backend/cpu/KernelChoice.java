package io.solebox.backend.cpu;

import io.solebox.backend.cpu.nativelib.Isa;
import io.solebox.backend.cpu.nativelib.NativeKernels;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which kernels compute: C or Java. The system property {@code solebox.cpu.kernels} fixes it, for
 * tests and to find out where a fault is: {@code native} or an instruction set such as {@code
 * avx2}; {@code adaptive}, {@code plain} or {@code vectors} for {@link WarmUp.Mode Java's}. Without
 * it the C kernels run where they can.
 */
sealed interface KernelChoice {
  String PROPERTY = "solebox.cpu.kernels";

  record Native(NativeKernels.Usable kernels) implements KernelChoice {}

  /**
   * @param why the C kernels do not run
   */
  record Java(WarmUp.Mode mode, NativeKernels.Unusable why) implements KernelChoice {}

  /** What people are told about it at every start; empty when all is as it should be. */
  default Optional<String> notice() {
    return switch (this) {
      case Native _ -> Optional.empty();
      case Java(var _, var why) ->
          Optional.of(
              "Java computes on the CPU, not the faster native kernels. %s %s"
                  .formatted(why.reason(), why.remedy())
                  .strip());
    };
  }

  /** For {@code solebox devices}. */
  default String describe() {
    return switch (this) {
      case Native(var kernels) -> kernels.describe();
      case Java(var _, var why) ->
          "native kernels: none. %s %s".formatted(why.reason(), why.remedy()).strip();
    };
  }

  /** How plans go that must compute in Java, as those with exact activations. */
  default WarmUp.Mode javaMode() {
    return switch (this) {
      case Native _ -> WarmUp.Mode.ADAPTIVE;
      case Java(var mode, var _) -> mode;
    };
  }

  /**
   * @throws SoleboxException for a property that is no choice, or one this machine does not have
   */
  static KernelChoice ofProperty() {
    return of(Optional.ofNullable(System.getProperty(PROPERTY)));
  }

  static KernelChoice of(Optional<String> property) {
    if (property.isEmpty()) {
      return switch (NativeKernels.find(Optional.empty())) {
        case NativeKernels.Usable kernels -> new Native(kernels);
        case NativeKernels.Unusable why -> new Java(WarmUp.Mode.ADAPTIVE, why);
      };
    }
    String word = property.get().toLowerCase(Locale.ROOT);
    for (WarmUp.Mode mode : WarmUp.Mode.values()) {
      if (mode.word().equals(word)) {
        return new Java(
            mode, new NativeKernels.Unusable("-D" + PROPERTY + "=" + word + " says so.", ""));
      }
    }
    Optional<Isa> isa = Isa.ofWord(word);
    if (isa.isEmpty() && !word.equals("native")) {
      throw failed(
          ErrorCode.INVALID_PARAMETER,
          word,
          "There are no such kernels.",
          "Use one of " + words() + ".");
    }
    return switch (NativeKernels.find(isa)) {
      case NativeKernels.Usable kernels -> new Native(kernels);
      case NativeKernels.Unusable(var reason, var remedy) ->
          throw failed(ErrorCode.DEVICE_UNAVAILABLE, word, reason, remedy);
    };
  }

  private static String words() {
    Stream<String> java = Arrays.stream(WarmUp.Mode.values()).map(WarmUp.Mode::word);
    Stream<String> isas = Arrays.stream(Isa.values()).map(Isa::word);
    return Stream.of(Stream.of("native"), java, isas)
        .flatMap(s -> s)
        .collect(Collectors.joining(", "));
  }

  private static SoleboxException failed(
      ErrorCode code, String word, String reason, String remedy) {
    return new SoleboxException(code, "-D" + PROPERTY + "=" + word, reason, remedy);
  }
}
