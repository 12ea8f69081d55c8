package io.solebox.store.pull.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.testkit.hub.FakeAnswer;
import io.solebox.testkit.hub.FakeBody;
import io.solebox.testkit.hub.FakeServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a transfer makes of a source that answers as sources do, and as they should not. */
@Timeout(60)
class TransferTest {
  private static final int CHUNK = 64 << 10;
  private static final byte[] CONTENT = new byte[2 * CHUNK + 12_345];

  static {
    new Random(5).nextBytes(CONTENT);
  }

  private static final Digest DIGEST = Digest.of(CONTENT);

  @TempDir Path folder;

  private final List<Duration> waits = new CopyOnWriteArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Long> reported = new ArrayList<>();
  private final AtomicReference<FakeBody> body = new AtomicReference<>(FakeBody.of(CONTENT));
  private final AtomicReference<String> etag = new AtomicReference<>("\"one\"");
  private final AtomicInteger located = new AtomicInteger();
  private FakeServer server;
  private Outbound outbound;

  @BeforeEach
  void open() {
    server = new FakeServer(request -> FakeAnswer.ranged(request, body.get(), etag.get()));
    outbound = patient(Duration.ofSeconds(30));
  }

  private Outbound patient(Duration stall) {
    return new Outbound(
        new Network.Open(), new Patience(stall, Duration.ofMillis(1), 5, waits::add));
  }

  @AfterEach
  void close() {
    outbound.close();
    server.close();
  }

  private Origin.Located locate() {
    located.incrementAndGet();
    return new Origin.Located(
        Ask.get(server.uri().resolve("/file?secret=s3cr3t")),
        CONTENT.length,
        new Identity.Sha256(DIGEST));
  }

  private Transfer transfer(TransferOptions options) {
    return new Transfer(
        folder,
        this::locate,
        outbound,
        options,
        new TransferProgress() {
          @Override
          public void bytes(long bytes) {
            reported.add(bytes);
          }

          @Override
          public void note(String text) {
            notes.add(text);
          }
        },
        size -> new ChunkMap(size, CHUNK));
  }

  private Path fetch() throws InterruptedException {
    Transfer.Fetched fetched = transfer(TransferOptions.USUAL).fetch(locate());
    assertEquals(DIGEST, fetched.digest());
    return fetched.file();
  }

  private void fetchesWhole() throws IOException, InterruptedException {
    assertArrayEquals(CONTENT, Files.readAllBytes(fetch()));
  }

  private SoleboxException fails(ErrorCode code) {
    var failure = assertThrows(SoleboxException.class, this::fetch);
    assertEquals(code, failure.code(), failure.describe());
    assertFalse(failure.describe().contains("s3cr3t"), failure.describe());
    return failure;
  }

  private static Predicate<FakeServer.Request> from(long start) {
    return request -> request.header("range").startsWith("bytes=" + start + "-");
  }

  private void fault(int times, UnaryOperator<FakeAnswer> change) {
    server.fault(times, from(CHUNK), change);
  }

  private long bytesAsked() {
    return server.requests().stream()
        .map(r -> r.header("range").replace("bytes=", "").split("-", -1))
        .mapToLong(ends -> Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1)
        .sum();
  }

  @Test
  void fetchesInParallelPartsAndReportsAllOfThem() throws Exception {
    fetchesWhole();
    assertEquals(3, server.requests().size());
    assertEquals(CONTENT.length, reported.getLast());
    assertEquals(List.of(), notes);
    assertTrue(
        server.requests().stream().allMatch(r -> r.header("accept-encoding").equals("identity")));
  }

  @Test
  void goesOnWhereAnotherProcessWasKilled() throws Exception {
    server.fault(100, from(CHUNK), a -> FakeAnswer.status(404));
    fails(ErrorCode.MODEL_NOT_FOUND);
    long before = Transfer.bytesDone(folder);
    tear(folder.resolve("journal"));
    int asked = server.requests().size();
    server.close();
    open();
    fetchesWhole();
    assertTrue(server.requests().size() <= 3, asked + " " + server.requests());
    assertTrue(bytesAsked() <= CONTENT.length - before, before + " were here");
  }

  /** As a power cut leaves a line. */
  private static void tear(Path journal) throws IOException {
    Files.writeString(journal, Files.readString(journal) + "done 1 0000");
  }

  @Test
  void fetchesOnlyThePieceAgainThatThePowerCutTook() throws Exception {
    Path file = fetch();
    try (var data = new RandomAccessFile(file.toFile(), "rw")) {
      data.seek(CHUNK + 77);
      data.write(new byte[100]);
    }
    int before = server.requests().size();
    fetchesWhole();
    List<FakeServer.Request> again = server.requests().subList(before, server.requests().size());
    assertEquals(1, again.size());
    assertTrue(from(CHUNK).test(again.getFirst()));
    assertTrue(notes.getLast().contains("not on the disk as it came"), notes.toString());
  }

  @Test
  void believesNoJournalOfAnotherFile() throws Exception {
    Files.writeString(folder.resolve("journal"), "solebox-partial 1 x 5 5 00000000\n");
    Files.write(folder.resolve("data"), new byte[CONTENT.length + 100]);
    fetchesWhole();
  }

  @Test
  void discardsWrongPartsUnreadAndBelievesTheNextAnswer() throws Exception {
    fault(1, a -> a.with("Content-Range", "bytes 0-65535/" + CONTENT.length));
    fetchesWhole();
    assertTrue(notes.getFirst().startsWith("A wrong answer was thrown away"), notes.toString());
    assertEquals(2, located.get());
  }

  @Test
  void givesUpOnWhoLiesTwice() {
    fault(2, a -> a.with("Content-Encoding", "gzip"));
    assertTrue(fails(ErrorCode.IO_ERROR).getMessage().contains("gzip"));
  }

  @Test
  void keepsWhatCameOfAnAnswerThatEndsEarly() throws Exception {
    fault(1, a -> a.cutAfter(10_000));
    fetchesWhole();
    assertTrue(server.requests().stream().anyMatch(from(CHUNK + 10_000)));
  }

  @Test
  void keepsWhatCameOfAShorterAnswer() throws Exception {
    fault(1, a -> a.with(a.body().slice(0, 4096)).with("Content-Length", "4096"));
    fetchesWhole();
    assertTrue(server.requests().stream().anyMatch(from(CHUNK + 4096)));
  }

  @Test
  void keepsWhatCameBeforeAConnectionBroke() throws Exception {
    fault(1, a -> a.resetAfter(50_000));
    fetchesWhole();
    assertTrue(bytesAsked() < 2L * CONTENT.length);
  }

  @Test
  void leavesAConnectionOnWhichNothingComes() throws Exception {
    outbound.close();
    outbound = patient(Duration.ofMillis(300));
    fault(1, a -> a.stallAfter(10_000));
    fetchesWhole();
    assertTrue(server.requests().stream().anyMatch(from(CHUNK + 10_000)));
    assertTrue(notes.getFirst().contains("nothing came"), notes.toString());
  }

  @Test
  void takesOneStreamFromWhoGivesNoParts() throws Exception {
    Files.createDirectories(folder);
    server.fault(100, r -> true, a -> FakeAnswer.of(200, body.get()).with("ETag", etag.get()));
    fetchesWhole();
    assertTrue(notes.getFirst().contains("in one stream"), notes.toString());
  }

  @Test
  void beginsAStreamAnewThatEndsEarly() throws Exception {
    server.fault(100, r -> true, a -> FakeAnswer.of(200, body.get()));
    server.fault(1, r -> r.header("range").isEmpty(), a -> a.cutAfter(CHUNK + 1000));
    fetchesWhole();
    assertTrue(notes.getLast().startsWith("Beginning anew"), notes.toString());
    assertEquals(CONTENT.length, reported.getLast());
  }

  @Test
  void asksAgainWhenTheTagIsAnotherAndTakesTheSameObject() throws Exception {
    fault(1, a -> FakeAnswer.of(200, body.get()).with("ETag", "\"two\""));
    server.fault(100, from(0), a -> a);
    fetchesWhole();
    assertTrue(located.get() <= 2);
  }

  @Test
  void saysThatAnotherFileStandsThere() {
    fault(1, a -> FakeAnswer.of(200, FakeBody.of(new byte[10])));
    var transfer =
        new Transfer(
            folder,
            () ->
                new Origin.Located(
                    Ask.get(server.uri()), 10, new Identity.Sha256(Digest.of(new byte[10]))),
            outbound,
            TransferOptions.USUAL,
            new TransferProgress() {
              @Override
              public void bytes(long bytes) {}

              @Override
              public void note(String text) {}
            },
            size -> new ChunkMap(size, CHUNK));
    assertThrows(SourceChangedException.class, () -> transfer.fetch(locate()));
  }

  @Test
  void believesNoEndBeforeTheEnd() throws Exception {
    fault(1, a -> FakeAnswer.status(416).with("Content-Range", "bytes */5"));
    fetchesWhole();
    fault(2, a -> FakeAnswer.status(416));
    Files.delete(folder.resolve("journal"));
    assertTrue(fails(ErrorCode.IO_ERROR).getMessage().contains("ends before"));
  }

  @Test
  void resolvesAnAddressAgainThatExpired() throws Exception {
    fault(1, a -> FakeAnswer.status(403));
    fetchesWhole();
    assertEquals(2, located.get());
  }

  @Test
  void believesARefusalOfAFreshAddress() {
    fault(2, a -> FakeAnswer.status(403));
    assertTrue(fails(ErrorCode.ACCESS_DENIED).getMessage().contains("403"));
  }

  @Test
  void keepsWhatIsHereWhenTheFileIsGone() {
    fault(1, a -> FakeAnswer.status(404));
    assertTrue(fails(ErrorCode.MODEL_NOT_FOUND).remedy().contains("kept"));
  }

  @Test
  void waitsAsLongAsItIsTold() throws Exception {
    fault(1, a -> FakeAnswer.status(429).with("RateLimit", "\"resolvers\";r=0;t=41"));
    fault(1, a -> FakeAnswer.status(503).with("Retry-After", "17"));
    fetchesWhole();
    assertEquals(1, waits.size(), waits.toString());
    assertTrue(waits.getFirst().toSeconds() >= 17, waits.toString());
  }

  @Test
  void givesUpAfterFiveFailuresWithoutAByte() {
    fault(5, a -> FakeAnswer.status(500));
    assertTrue(fails(ErrorCode.IO_ERROR).getMessage().contains("5 times"));
    assertEquals(4, waits.size());
  }

  @Test
  void countsFailuresAnewAfterProgress() throws Exception {
    for (int i = 0; i < 8; i++) {
      server.fault(1, from(CHUNK + i * 1000), a -> a.resetAfter(1000));
    }
    server.fault(0, r -> true, a -> a);
    fetchesWhole();
  }

  @Test
  void followsToAnotherAddress() throws Exception {
    try (FakeServer other =
        new FakeServer(request -> FakeAnswer.ranged(request, body.get(), etag.get()))) {
      server.fault(
          100, r -> true, a -> FakeAnswer.redirect(307, other.uri().resolve("/x").toString()));
      fetchesWhole();
      assertTrue(other.requests().size() >= 3);
    }
  }

  @Test
  void replacesOnlyThePieceThatCameWrong() throws Exception {
    fault(1, a -> a.with(a.body().flipped(1000)));
    fetchesWhole();
    assertTrue(notes.getLast().contains("pieces are fetched again"), notes.toString());
    // The first piece, the wrong one; the last one is not asked for a second time.
    assertEquals(5, server.requests().size());
  }

  @Test
  void installsNothingThatIsNeverRight() {
    body.set(body.get().flipped(7));
    fails(ErrorCode.BAD_MODEL_FILE);
    assertEquals(9, server.requests().size());
  }

  @Test
  void refusesBeforeAnythingIsFetchedWhenThereIsNoRoom() {
    var small = new TransferOptions(4, RateLimit.none(), new Hours.Always(), _ -> 10_000);
    var failure = assertThrows(SoleboxException.class, () -> transfer(small).fetch(locate()));
    assertEquals(ErrorCode.DISK_FULL, failure.code());
    assertTrue(failure.getMessage().contains("143417 bytes"), failure.getMessage());
    assertTrue(failure.getMessage().contains("10000 bytes"), failure.getMessage());
    assertEquals(0, server.requests().size());
  }

  @Test
  void keepsToItsRate() throws Exception {
    List<Duration> slept = new CopyOnWriteArrayList<>();
    var limited =
        new TransferOptions(
            1, RateLimit.of(50_000, slept::add), new Hours.Always(), TransferOptions.Space.SYSTEM);
    transfer(limited).fetch(locate());
    long longest = slept.stream().mapToLong(Duration::toMillis).max().orElse(0);
    assertTrue(longest > 2000, longest + " ms"); // nobody slept, so the last one was told it all
  }

  @Test
  void waitsForItsHours() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    var hours =
        Hours.parse(
            "22:00-06:00",
            () -> looks.incrementAndGet() > 5 ? LocalTime.of(23, 0) : LocalTime.of(21, 59));
    transfer(new TransferOptions(1, RateLimit.none(), hours, TransferOptions.Space.SYSTEM))
        .fetch(locate());
    assertTrue(notes.getFirst().contains("22:00-06:00"), notes.toString());
  }

  @Test
  void keepsWhatIsHereWhenItIsInterrupted() throws Exception {
    var stalled = new CountDownLatch(1);
    fault(
        1,
        a -> {
          stalled.countDown();
          return a.stallAfter(0);
        });
    var ended = new AtomicReference<Throwable>();
    outbound.close();
    outbound = new Outbound(new Network.Open(), Patience.USUAL);
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    fetch();
                  } catch (Throwable e) {
                    ended.set(e);
                  }
                });
    stalled.await();
    thread.interrupt();
    thread.join();
    assertTrue(ended.get() instanceof InterruptedException, String.valueOf(ended.get()));
    fetchesWhole();
  }

  @Test
  void asksNobodyWhenOffline() {
    outbound.close();
    outbound = new Outbound(new Network.Closed("SOLEBOX_OFFLINE is set"), Patience.USUAL);
    fails(ErrorCode.OFFLINE);
    assertEquals(0, server.requests().size());
    assertEquals(URI.create(server.uri().toString()), server.uri());
  }
}
