package io.solebox.hardware.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.line.BoardAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A board at a serial port, which is a pseudo terminal here. */
@Timeout(60)
class UartBoardTest {
  /** With more patience than a board ever takes: how busy this machine is counts for nothing. */
  private static final LinkPace PATIENT =
      new LinkPace(Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(1), 4);

  @TempDir private Path folder;

  private static byte[] done(Frame question) {
    byte[] payload = {(byte) question.type(), 0};
    return Frame.of(LinkType.ACK, question.sequence(), payload).bytes();
  }

  private static LinkedBoard at(Path device) {
    var address = new BoardAddress.Uart(device, BoardAddress.Uart.USUAL_BAUD);
    return new LinkedBoard(address.line(), PATIENT);
  }

  private static String no(Said<?> said) {
    return assertInstanceOf(Said.No.class, said, said.toString()).why();
  }

  @Test
  void everyByteGoesThroughAsItIs() throws IOException {
    byte[] all = new byte[Frame.MOST_PAYLOAD];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i < 64 ? i : i + 64); // with all that terminals act on
    }
    byte[] fromStatus = new byte[Payload.STATUS_BYTES];
    System.arraycopy(all, 0, fromStatus, 0, fromStatus.length);
    try (PtyBoard pty =
            PtyBoard.start(
                question -> Frame.of(LinkType.STATUS, question.sequence(), fromStatus).bytes());
        LinkedBoard board = at(pty.device())) {
      assertEquals(Payload.status(fromStatus), board.status());
      assertEquals(0, board.counts().resent());
    }
  }

  /** Each has the line for one exchange; nobody gets another's answer, and no order is lost. */
  @Test
  void severalSpeakWithOneBoardAtOnce() throws Exception {
    AtomicInteger orders = new AtomicInteger();
    try (PtyBoard pty =
            PtyBoard.start(
                question -> {
                  orders.incrementAndGet();
                  return done(question);
                });
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<LinkedBoard> boards = List.of(at(pty.device()), at(pty.device()), at(pty.device()));
      List<Callable<Said<OrderResult>>> asking = new ArrayList<>();
      for (int i = 0; i < 90; i++) {
        LinkedBoard board = boards.get(i % boards.size());
        Order order = new Order.Fan(i % 100);
        asking.add(() -> board.order(order));
      }
      for (Future<Said<OrderResult>> each : threads.invokeAll(asking)) {
        assertEquals(new Said.Yes<>(OrderResult.DONE), each.get());
      }
      for (LinkedBoard board : boards) {
        assertEquals(new LinkCounts(30, 30, 0, 0, 0, 0, 0), board.counts());
        board.close();
      }
      assertEquals(90, orders.get());
    }
  }

  /** As another process does, which dies with it. */
  @Test
  void whoKeepsTheLineForLongIsTold() throws IOException {
    try (PtyBoard pty = PtyBoard.start(UartBoardTest::done);
        var held = new BoardAddress.Uart(pty.device(), 9600).line().take(Duration.ZERO)) {
      LinkPace hasty =
          new LinkPace(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofMillis(20), 4);
      try (LinkedBoard board =
          new LinkedBoard(new BoardAddress.Uart(pty.device(), 115_200).line(), hasty)) {
        assertTrue(no(board.order(new Order.On())).startsWith("another program keeps "));
        assertEquals(0, pty.heard());
        held.close();
        assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
      }
    }
  }

  @Test
  void aBoardThatWasPulledIsToldAndFoundAgainByItself() throws IOException {
    Path link = folder.resolve("board");
    PtyBoard first = PtyBoard.start(UartBoardTest::done);
    Files.createSymbolicLink(link, first.device());
    try (LinkedBoard board = at(link)) {
      assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
      first.close();
      Files.delete(link);
      String gone = no(board.order(new Order.On()));
      assertEquals(
          "there is no device %s; plug the board in, or name another".formatted(link), gone);
      try (PtyBoard second = PtyBoard.start(UartBoardTest::done)) {
        Files.createSymbolicLink(link, second.device());
        assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
        assertEquals(1, second.heard());
      }
    }
  }

  /** A question that finds the port gone looks once whether it came back. */
  @Test
  void aBoardThatCameBackBetweenTwoQuestionsIsNotMissed() throws IOException {
    Path link = folder.resolve("board");
    PtyBoard first = PtyBoard.start(UartBoardTest::done);
    Files.createSymbolicLink(link, first.device());
    try (LinkedBoard board = at(link);
        PtyBoard second = PtyBoard.start(UartBoardTest::done)) {
      assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
      first.close();
      Files.delete(link);
      Files.createSymbolicLink(link, second.device());
      assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
      assertEquals(1, board.counts().lost());
    }
  }

  @Test
  void whatIsNoSerialPortIsToldWithWhatHelps() throws IOException {
    assertEquals(
        "/dev/null is no serial port; name the one that the board is at",
        no(at(Path.of("/dev/null")).status()));
    Path absent = folder.resolve("absent");
    assertEquals(
        "there is no device %s; plug the board in, or name another".formatted(absent),
        no(at(absent).status()));
    assertEquals(
        "/dev/null is no device of spidev; name one",
        no(LinkedBoard.at(new BoardAddress.Spi(Path.of("/dev/null"), 1_000_000)).status()));
  }

  @Test
  void whatCameBeforeTheQuestionIsThrownAway() throws IOException {
    try (PtyBoard pty = PtyBoard.start(UartBoardTest::done);
        LinkedBoard board = at(pty.device())) {
      board.order(new Order.On());
      pty.babble(new byte[] {1, 2, 3, 0x53, (byte) 0xb0});
      assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
      assertEquals(0, board.counts().skipped());
    }
  }

  /** Byte by byte, with pauses that are shorter than those that end a frame. */
  @Test
  void answersThatComeInPiecesAreWhole() throws IOException {
    try (PtyBoard pty = PtyBoard.start(question -> new byte[0]);
        LinkedBoard board = at(pty.device())) {
      pty.answerInPieces(UartBoardTest::done, 1);
      assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
      assertEquals(0, board.counts().resent());
      assertEquals(0, board.counts().bad());
    }
  }

  @Test
  void halfAnswersAreAskedForAgain() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (PtyBoard pty =
            PtyBoard.start(
                question -> {
                  byte[] answer = done(question);
                  return asked.incrementAndGet() < 3 ? Arrays.copyOf(answer, 5) : answer;
                });
        LinkedBoard board = at(pty.device())) {
      assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
      assertEquals(2, board.counts().resent());
      assertEquals(2, board.counts().bad());
    }
  }

  @Test
  void aBoardThatGoesWhileItIsAskedIsToldAtOnce() throws IOException {
    AtomicReference<PtyBoard> going = new AtomicReference<>();
    try (PtyBoard pty =
        PtyBoard.start(
            question -> {
              going.get().vanish();
              return new byte[0];
            })) {
      going.set(pty);
      try (LinkedBoard board = at(pty.device())) {
        String why = no(board.order(new Order.On()));
        assertTrue(why.startsWith("there is no device ") || why.contains("has gone away"), why);
        assertTrue(board.counts().lost() > 0);
      }
    }
  }

  @Test
  void aBridgeIsAskedWithAConnectionForEachQuestion() throws Exception {
    try (ServerSocket bridge = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      threads.submit(
          () -> {
            for (int i = 0; i < 2; i++) {
              try (Socket each = bridge.accept()) {
                byte[] question = each.getInputStream().readNBytes(8);
                Frame frame = new FrameDecoder().take(question, question.length).getFirst();
                each.getOutputStream().write(done(frame));
                each.getInputStream().read();
              }
            }
            return null;
          });
      BoardAddress address = new BoardAddress.Tcp("127.0.0.1", bridge.getLocalPort());
      try (LinkedBoard board = LinkedBoard.at(address)) {
        assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.On()));
        assertEquals(new Said.Yes<>(OrderResult.DONE), board.order(new Order.Off()));
      }
    }
  }
}
