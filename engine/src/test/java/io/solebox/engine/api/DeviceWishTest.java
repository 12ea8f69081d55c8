package io.solebox.engine.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with wishes for devices on every machine. */
class DeviceWishTest {
  private static SoleboxException refused(DeviceWish wish) {
    var error = assertThrows(SoleboxException.class, wish::check);
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    return error;
  }

  private static void assertSays(String part, SoleboxException error) {
    assertTrue(error.describe().contains(part), error.describe());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "cuda", "cuda:1", "cuda:0,1", "cuda:3,0,2", "cuda:all"})
  void theseAreWishes(String device) {
    assertDoesNotThrow(DeviceWish.of(device, 1)::check);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "cuda:0,0 | names device 0 twice",
        "cuda:1,0,1 | names device 1 twice",
        "cuda:0,x | 'x' is no number of a device",
        "cuda:0, | '' is no number of a device",
        "cuda:0,-1 | '-1' is no number of a device",
        "cuda:,1 | --device cuda:0,1"
      })
  void listsThatAreNone(String device, String words) {
    assertSays(words, refused(DeviceWish.of(device, 1)));
  }

  @Test
  void aSplitNeedsSeveralCards() {
    for (String device : List.of("auto", "cuda", "cuda:0", "cpu")) {
      DeviceWish one = DeviceWish.of(device, 1);
      assertSays("--device cuda:0,1", refused(one.withSplit(Split.LAYERS)));
      assertSays("nothing to split", refused(one.withShares(List.of(1))));
    }
    DeviceWish all = DeviceWish.of("cuda:all", 1).withSplit(Split.LAYERS);
    assertDoesNotThrow(all::check);
    assertThrows(SoleboxException.class, () -> all.requireSeveral(1));
  }

  @Test
  void sharesAreOneForEachCardAndNotNothing() {
    DeviceWish two = DeviceWish.of("cuda:0,1", 1);
    assertDoesNotThrow(two.withShares(List.of(2, 1))::check);
    assertSays("A share of 0 is none", refused(two.withShares(List.of(1, 0))));
    assertSays("A share of -1 is none", refused(two.withShares(List.of(-1, 1))));
    assertSays("3 shares for 2 devices", refused(two.withShares(List.of(2, 1, 1))));
  }

  @Test
  void partsOfEveryLayerAreEqualAndOnSeveralCards() {
    DeviceWish tensor = DeviceWish.of("cuda:0,1", 1).withSplit(Split.TENSOR);
    assertDoesNotThrow(tensor::check);
    assertSays("--shares 2,1", refused(tensor.withShares(List.of(2, 1))));
    assertSays("--gpu-layers 3", refused(tensor.withGpuLayers(3)));
    assertSays("--split layers", refused(tensor.withGpuLayers(3)));
    var one = refused(DeviceWish.of("cuda", 1).withSplit(Split.TENSOR));
    assertSays("--split tensor", one);
    assertSays("nothing to split", one);
  }
}
