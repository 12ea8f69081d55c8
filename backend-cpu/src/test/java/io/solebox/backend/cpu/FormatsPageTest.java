package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/models.md} says that there are kernels for. */
class FormatsPageTest {
  private static final int C = 3;
  private static final int VECTOR_API = 4;

  /** The formats whose row says yes in a column. */
  private static Set<TensorType> saysYes(int column) throws IOException {
    Path page =
        Stream.of("docs/models.md", "../docs/models.md")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow();
    var types = EnumSet.noneOf(TensorType.class);
    String formats = Files.readString(page).split("## Weight formats\n")[1].split("<!--")[0];
    formats
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split(" *\\| *"))
        .filter(cells -> cells[column].equals("yes"))
        .forEach(cells -> types.add(TensorType.valueOf(cells[1].replace("`", ""))));
    return types;
  }

  @Test
  void vectorsComputeWhatThePageSays() throws IOException {
    var kernels = new JavaKernels(WarmUp.Mode.values()[0], Activations.AUTO);
    assertEquals(saysYes(VECTOR_API), kernels.computes());
  }

  /** The library's formats follow from the file that the page is made from. */
  @Test
  void theLibraryComputesWhatThePageSays() throws IOException {
    if (CpuBackend.kernels(KernelChoice.ofProperty()) instanceof LibraryKernels library) {
      assertEquals(saysYes(C), library.computes());
    }
  }
}
