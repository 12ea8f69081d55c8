package io.solebox.app.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.ByteArrayInputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures of a comparison against their definitions, written out in f64. */
class DivergenceTest {
  private static final int VOCAB = 301;
  private static final int ROWS = 200;

  @TempDir Path folder;

  private final Random random = new Random(1127);
  private final float[][] a = new float[ROWS][VOCAB];
  private final float[][] b = new float[ROWS][VOCAB];
  private final int[] next = new int[ROWS];

  DivergenceTest() {
    for (int r = 0; r < ROWS; r++) {
      double spread = 0.01 + 4 * random.nextDouble();
      for (int i = 0; i < VOCAB; i++) {
        a[r][i] = (float) (5 * random.nextGaussian() + 30);
        b[r][i] = (float) (a[r][i] + spread * random.nextGaussian() - 50);
      }
      next[r] = random.nextInt(VOCAB);
    }
  }

  private static double[] probabilities(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    double all = sum;
    double[] p = new double[logits.length];
    Arrays.setAll(p, i -> Math.exp(logits[i]) / all);
    return p;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  private static double covariance(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - mean(x)) * (y[i] - mean(y));
    }
    return sum / (x.length - 1);
  }

  private static double error(double[] values) {
    return Math.sqrt(covariance(values, values) / values.length);
  }

  private Divergence found() {
    var found = new Divergence();
    for (int r = 0; r < ROWS; r++) {
      found.add(RowPair.of(MemorySegment.ofArray(a[r]), MemorySegment.ofArray(b[r]), next[r]));
    }
    return found;
  }

  @Test
  void divergencesAreThoseOfTheDefinition() {
    double[] kl = new double[ROWS];
    double agreeing = 0;
    for (int r = 0; r < ROWS; r++) {
      double[] p = probabilities(a[r]);
      double[] q = probabilities(b[r]);
      int bestP = 0;
      int bestQ = 0;
      for (int i = 0; i < VOCAB; i++) {
        kl[r] += p[i] * Math.log(p[i] / q[i]);
        bestP = p[i] > p[bestP] ? i : bestP;
        bestQ = q[i] > q[bestQ] ? i : bestQ;
      }
      agreeing += bestP == bestQ ? 1 : 0;
    }
    Divergence found = found();
    assertEquals(mean(kl), found.mean(), 1e-12);
    assertEquals(error(kl), found.standardError(), 1e-12);
    Arrays.sort(kl);
    assertEquals((kl[99] + kl[100]) / 2, found.quantile(0.5), 1e-12);
    assertEquals(kl[179] + 0.1 * (kl[180] - kl[179]), found.quantile(0.9), 1e-12);
    assertEquals(kl[ROWS - 1], found.quantile(1), 1e-12);
    double share = agreeing / ROWS;
    assertTrue(share > 0.1 && share < 0.9, "the case says little: " + share);
    assertEquals(share, found.agreement(), 1e-12);
    assertEquals(Math.sqrt(share * (1 - share) / (ROWS - 1)), found.agreementError(), 1e-12);
  }

  @Test
  void probabilitiesAndPerplexitiesAreThoseOfTheDefinition() {
    double[] x = new double[ROWS];
    double[] y = new double[ROWS];
    double[] change = new double[ROWS];
    double[] difference = new double[ROWS];
    for (int r = 0; r < ROWS; r++) {
      double p = probabilities(a[r])[next[r]];
      double q = probabilities(b[r])[next[r]];
      x[r] = -Math.log(p);
      y[r] = -Math.log(q);
      change[r] = q - p;
      difference[r] = y[r] - x[r];
    }
    Divergence found = found();
    assertEquals(Math.exp(mean(x)), found.perplexityA(), 1e-9 * found.perplexityA());
    assertEquals(Math.exp(mean(y)), found.perplexityB(), 1e-9 * found.perplexityB());
    assertEquals(
        Math.exp(mean(x)) * error(x), found.perplexityAError(), 1e-9 * found.perplexityAError());
    assertEquals(Math.exp(mean(y) - mean(x)), found.ratio(), 1e-9 * found.ratio());
    assertEquals(found.ratio() * error(difference), found.ratioError(), 1e-9 * found.ratioError());
    assertEquals(mean(change), found.meanChange(), 1e-12);
    double rms = Math.sqrt(Arrays.stream(change).map(c -> c * c).sum() / ROWS);
    assertEquals(rms, found.rmsChange(), 1e-12);
    double correlation = covariance(x, y) / Math.sqrt(covariance(x, x) * covariance(y, y));
    assertEquals(correlation, found.correlation(), 1e-9);
  }

  @Test
  void aModelIsNoDistanceFromItself() {
    var found = new Divergence();
    for (int r = 0; r < ROWS; r++) {
      MemorySegment row = MemorySegment.ofArray(a[r]);
      found.add(RowPair.of(row, row, next[r]));
    }
    assertEquals(0, found.quantile(1));
    assertEquals(1, found.agreement());
    assertEquals(1, found.ratio());
    assertEquals(1, found.correlation(), 1e-12);
  }

  @Test
  void whatIsNoNumberIsAnErrorAndNoFigure() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] broken = a[0].clone();
      broken[7] = bad;
      var refused =
          assertThrows(
              SoleboxException.class,
              () -> RowPair.of(MemorySegment.ofArray(a[0]), MemorySegment.ofArray(broken), 3));
      assertEquals(ErrorCode.NON_FINITE, refused.code());
    }
  }

  @Test
  void rowsInAFileAreThoseInMemory() {
    try (var memory = LogitRows.inMemory(ROWS, VOCAB);
        var file = LogitRows.inFile(folder, ROWS, VOCAB)) {
      for (int r = 0; r < ROWS; r++) {
        memory.put(r, MemorySegment.ofArray(a[r]));
        file.put(r, MemorySegment.ofArray(a[r]));
      }
      for (int r = ROWS - 1; r >= 0; r -= 3) {
        assertEquals(-1, memory.get(r).mismatch(file.get(r)));
        assertEquals(-1, memory.get(r).mismatch(MemorySegment.ofArray(a[r])));
      }
    }
    assertEquals(0, folder.toFile().list().length);
    var refused =
        assertThrows(
            SoleboxException.class, () -> LogitRows.inFile(folder, 1L << 40, VOCAB).close());
    assertTrue(refused.describe().contains("--chunks"), refused.describe());
  }

  @Test
  void numbersHaveThePlacesThatTheirErrorsHave() {
    assertEquals("8.931 ± 0.042", Curve.plusMinus(8.93123, 0.0423));
    assertEquals("0.001306 ± 0.000042", Curve.plusMinus(0.00130582, 4.1776e-5));
    assertEquals("73530 ± 5395", Curve.plusMinus(73529.6786, 5394.949));
    assertEquals("0.0000 ± 0.0000", Curve.plusMinus(0, 0));
    assertEquals("0.001010", Curve.rounded(0.00100994));
    assertEquals("337.1", Curve.rounded(337.0797));
    assertEquals("0.0000", Curve.rounded(0));
    assertEquals("-12.35", Curve.rounded(-12.345678));
  }

  @Test
  void aDrawingIsXmlWithItsTitleAndFollowsTheCurve() throws Exception {
    var curve = new Curve();
    for (int i = 1; i <= 20; i++) {
      curve.add(100L * i, 8 + 4.0 / i, 1.0 / i);
    }
    String svg = CurveChart.svg("a < b & c", "perplexity", curve);
    var reader =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertEquals("a < b & c", reader.getElementsByTagName("title").item(0).getTextContent());
    assertEquals(8, curve.sparkline(8).length());
    for (int i = 21; i <= 100_000; i++) {
      curve.add(100L * i, 8, 0.1);
    }
    assertTrue(CurveChart.svg("many", "perplexity", curve).length() < 50_000);
    assertEquals(10_000_000, curve.points(7).getLast().tokens());
    String line = curve.sparkline(100_000);
    assertTrue(line.startsWith("█") && line.endsWith("▁"), line);
  }
}
