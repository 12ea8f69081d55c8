package io.solebox.engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Plans of several devices that are made ready at the same time. */
class SideBySideTest {
  private final AtomicInteger closed = new AtomicInteger();

  /** Which counts that it is closed, and else does nothing. */
  private Plan plan() {
    return (Plan)
        Proxy.newProxyInstance(
            Plan.class.getClassLoader(),
            new Class<?>[] {Plan.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "close" -> {
                    closed.incrementAndGet();
                    yield null;
                  }
                  case "equals" -> self == arguments[0];
                  default -> throw new AssertionError(method);
                });
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static SoleboxException untilCancelled(Progress progress) {
    while (!progress.cancelled()) {
      LockSupport.parkNanos(1_000_000);
    }
    return new SoleboxException(ErrorCode.CANCELLED, "", "Stopped.", "Again.");
  }

  @Test
  void allAreMadeAtOnceAndComeInTheirOrder() {
    var barrier = new CyclicBarrier(3);
    List<Plan> made = List.of(plan(), plan(), plan());
    List<SideBySide.Maker> makers =
        made.stream()
            .<SideBySide.Maker>map(
                plan ->
                    _ -> {
                      meet(barrier); // nobody comes past here alone
                      return plan;
                    })
            .toList();
    assertEquals(made, SideBySide.prepare(makers, Progress.none()));
    assertEquals(0, closed.get());
  }

  @Test
  void theFirstFailureStopsTheOthersAndClosesWhatIsReady() {
    var ready = new CountDownLatch(1);
    var failure = new SoleboxException(ErrorCode.OUT_OF_MEMORY, "cuda:1", "Full.", "Less.");
    List<SideBySide.Maker> makers =
        List.of(
            _ -> {
              ready.countDown();
              return plan();
            },
            _ -> {
              awaitReady(ready);
              throw failure;
            },
            progress -> {
              throw untilCancelled(progress);
            });
    assertSame(
        failure,
        assertThrows(SoleboxException.class, () -> SideBySide.prepare(makers, Progress.none())));
    assertEquals(0, failure.getSuppressed().length);
    assertEquals(1, closed.get());
  }

  private static void awaitReady(CountDownLatch ready) {
    try {
      ready.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoCancelsStopsAll() {
    SideBySide.Maker maker =
        progress -> {
          throw untilCancelled(progress);
        };
    var told =
        new Progress() {
          @Override
          public void report(String stage, double fraction) {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    var e =
        assertThrows(SoleboxException.class, () -> SideBySide.prepare(List.of(maker, maker), told));
    assertEquals(ErrorCode.CANCELLED, e.code());
  }

  @Test
  void anInterruptStopsAllAndStays() {
    SideBySide.Maker maker =
        progress -> {
          throw untilCancelled(progress);
        };
    Thread.currentThread().interrupt();
    var e =
        assertThrows(
            SoleboxException.class,
            () -> SideBySide.prepare(List.of(maker, maker), Progress.none()));
    assertTrue(Thread.interrupted());
    assertEquals(ErrorCode.CANCELLED, e.code());
  }

  @Test
  void progressIsThatOfTheOneFurthestBehind() {
    var joint = new JointProgress(2);
    joint.reports(0, "compiling", 0.5);
    assertEquals("compiling", joint.stage());
    assertEquals(0.25, joint.fraction());
    joint.reports(0, "uploading", 0.5);
    assertEquals("compiling", joint.stage());
    assertEquals(0.5, joint.fraction());
    joint.reports(1, "uploading", 0.1);
    assertEquals("uploading", joint.stage());
    assertEquals(0.3, joint.fraction(), 1e-9);
    joint.ends(0);
    assertEquals(0.55, joint.fraction(), 1e-9);
    joint.ends(1);
    assertEquals("uploading", joint.stage());
    assertEquals(1, joint.fraction());
  }

  @Test
  void progressIsToldOnTheCallingThreadAndNeverFalls() {
    var heard = new ArrayList<Double>();
    SideBySide.Maker maker =
        progress -> {
          for (int i = 0; i <= 10; i++) {
            progress.report("uploading", i / 10.0);
          }
          return plan();
        };
    Thread caller = Thread.currentThread();
    var told =
        new Progress() {
          @Override
          public void report(String stage, double fraction) {
            assertSame(caller, Thread.currentThread());
            heard.add(fraction);
          }
        };
    SideBySide.prepare(List.of(maker, maker), told);
    assertEquals(heard.stream().sorted().toList(), heard);
    assertEquals(1, heard.getLast());
  }

  /** Which began and ended in another order. */
  @Test
  void aReportIsOfTheWholeTime() {
    var first =
        new LoadReport(2, 1.5, new LoadReport.Upload(100, 1, 2_000_000_000L, 4_000_000_000L));
    var second =
        new LoadReport(3, 0.5, new LoadReport.Upload(50, 1, 1_000_000_000L, 3_500_000_000L));
    LoadReport both = first.beside(second);
    assertEquals(5, both.compiledModules());
    assertEquals(1.5, both.compileSeconds());
    assertEquals(150, both.uploadedBytes());
    assertEquals(3, both.uploadSeconds());
    assertEquals(50, both.uploadBytesPerSecond());
    assertEquals(25, both.uploadBytesPerSecondOfLink());
  }
}
