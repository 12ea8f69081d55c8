package io.solebox.store.pull.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.solebox.store.pull.http.Head;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of answers to a request for bytes 100 to 199 of 1000. */
class VerdictTest {
  private static final String TAG = "\"a\"";

  private static Verdict of(boolean refusedBefore, int status, String... headers) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], List.of(headers[i + 1]));
    }
    var asked = new Verdict.Asked(new ByteRange(100, 200), 1000, Optional.of(TAG), refusedBefore);
    return Verdict.of(asked, new Head(URI.create("https://h/x"), status, all));
  }

  private static Verdict of(int status, String... headers) {
    return of(false, status, headers);
  }

  @Test
  void takesThePartThatWasAskedFor() {
    assertInstanceOf(Verdict.Take.class, of(206, "content-range", "bytes 100-199/1000"));
    assertInstanceOf(
        Verdict.Take.class,
        of(206, "content-range", "bytes 100-199/1000", "content-length", "100", "etag", TAG));
    assertInstanceOf(
        Verdict.Take.class,
        of(206, "content-range", "bytes 100-199/1000", "content-encoding", "identity"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 0-99/1000",
        "bytes 100-198/1000",
        "bytes 100-200/1000",
        "bytes 100-199/999",
        "bytes 100-199/*",
        "items 100-199/1000",
        "bytes */1000",
        "",
        "bytes -1-199/1000",
        "bytes 100-99999999999999999999/1000"
      })
  void discardsOtherParts(String range) {
    assertInstanceOf(Verdict.Discard.class, of(206, "content-range", range));
  }

  @Test
  void discardsWhatIsEncodedOrLonger() {
    String range = "bytes 100-199/1000";
    assertInstanceOf(
        Verdict.Discard.class, of(206, "content-range", range, "content-encoding", "gzip"));
    assertInstanceOf(
        Verdict.Discard.class, of(206, "content-range", range, "content-length", "101"));
    assertInstanceOf(Verdict.Discard.class, of(200, "content-encoding", "gzip"));
  }

  @Test
  void takesAllWhereThereAreNoPartsAndTheObjectIsTheSame() {
    assertInstanceOf(Verdict.TakeAll.class, of(200));
    assertInstanceOf(Verdict.TakeAll.class, of(200, "etag", TAG, "content-length", "1000"));
    assertInstanceOf(Verdict.TakeAll.class, of(200, "etag", "W/\"b\""));
  }

  @Test
  void asksAgainWhereAnotherObjectStands() {
    assertInstanceOf(Verdict.OtherObject.class, of(200, "etag", "\"b\""));
    assertInstanceOf(Verdict.OtherObject.class, of(200, "etag", TAG, "content-length", "999"));
    assertInstanceOf(
        Verdict.OtherObject.class, of(206, "content-range", "bytes 100-199/1000", "etag", "\"b\""));
  }

  @Test
  void comparesWhereTheFileEndsBefore() {
    assertInstanceOf(Verdict.Compare.class, of(416, "content-range", "bytes */50"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void resolvesOnceMoreAndThenBelievesARefusal(int status) {
    assertEquals(new Verdict.Expired(status), of(status));
    assertEquals(new Verdict.Refused(status), of(true, status));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void endsWhereItIsGone(int status) {
    assertInstanceOf(Verdict.Gone.class, of(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 418, 204, 304})
  void believesOtherRefusals(int status) {
    assertEquals(new Verdict.Refused(status), of(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void waits(int status) {
    var wait = assertInstanceOf(Verdict.Wait.class, of(status));
    assertEquals(Optional.empty(), wait.asked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"resolvers\";r=0;t=55 | 7 | 56",
        "\"resolvers\";r=3;t=55 | 7 | 7",
        "nonsense | 7 | 7",
      })
  void waitsAsLongAsItIsTold(String rateLimit, String retryAfter, int seconds) {
    var wait =
        assertInstanceOf(
            Verdict.Wait.class, of(429, "ratelimit", rateLimit, "retry-after", retryAfter));
    assertEquals(Optional.of(Duration.ofSeconds(seconds)), wait.asked());
  }

  @Test
  void follows() {
    assertEquals(new Verdict.Follow("/y"), of(307, "location", "/y"));
    assertInstanceOf(Verdict.Discard.class, of(302));
  }
}
