package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.kernel.Kernel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/** Every way out that is known. */
final class AllAttempts {
  private AllAttempts() {}

  /**
   * @param early a thread that was there before the gap
   */
  static List<Attempt> of(Grounds grounds, Kernel kernel, ExecutorService early) {
    return Stream.of(
            new JavaAttempts(grounds, early).all(),
            new LibcAttempts(grounds, kernel).all(),
            new SocketAttempts(grounds, kernel).all(),
            new SystemAttempts(grounds, kernel).all(),
            new CodeAttempts(kernel).all())
        .flatMap(List::stream)
        .toList();
  }
}
