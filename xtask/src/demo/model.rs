//! The demo's own arithmetic: the inputs of examples/mlp.mlir and what the network must answer.

/// Images in a batch.
pub(super) const BATCH: usize = 8;
/// Width of the input and of each layer.
pub(super) const WIDTHS: [usize; 4] = [784, 256, 128, 10];

/// Weights and bias of one layer.
pub(super) struct Layer {
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// Input and weights, the same on every machine.
pub(super) struct Model {
    pub(super) images: Vec<f32>,
    pub(super) layers: Vec<Layer>,
}

/// What a hidden layer does with a negative sum.
#[derive(Clone, Copy)]
pub(super) enum Activation {
    /// Makes it zero.
    Relu,
    /// Keeps this part of it.
    Leaky(f64),
}

impl Model {
    /// Values from a fixed sequence, small enough that no sum saturates.
    pub(super) fn new() -> Self {
        let mut sequence = Sequence(0x9E37_79B9_7F4A_7C15);
        let images = sequence.take(BATCH * WIDTHS[0], 1.0);
        let layers = WIDTHS
            .windows(2)
            .map(|pair| Layer { weights: sequence.take(pair[0] * pair[1], 0.1), bias: sequence.take(pair[1], 1.0) })
            .collect();
        Self { images, layers }
    }

    /// The class probabilities of each image, in double precision. `first` is the activation of the first layer;
    /// the second has relu, the third none before its softmax.
    pub(super) fn answer(&self, first: Activation) -> Vec<f64> {
        let mut rows: Vec<f64> = self.images.iter().map(|&v| f64::from(v)).collect();
        for (index, layer) in self.layers.iter().enumerate() {
            rows = dense(&rows, layer);
            for value in &mut rows {
                *value = match (index, first) {
                    (0, Activation::Leaky(part)) => value.max(*value * part),
                    (0 | 1, _) => value.max(0.0),
                    _ => *value,
                };
            }
        }
        rows.chunks(WIDTHS[3]).flat_map(softmax).collect()
    }
}

fn dense(rows: &[f64], layer: &Layer) -> Vec<f64> {
    let columns = layer.bias.len();
    let inputs = layer.weights.len() / columns;
    let mut sums = Vec::with_capacity(rows.len() / inputs * columns);
    for row in rows.chunks(inputs) {
        for column in 0..columns {
            let products = row.iter().enumerate().map(|(k, v)| v * f64::from(layer.weights[k * columns + column]));
            sums.push(products.sum::<f64>() + f64::from(layer.bias[column]));
        }
    }
    sums
}

fn softmax(row: &[f64]) -> Vec<f64> {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = row.iter().map(|v| (v - largest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|p| p / sum).collect()
}

/// A splitmix64 sequence of values between -scale and scale.
struct Sequence(u64);

impl Sequence {
    fn take(&mut self, count: usize, scale: f32) -> Vec<f32> {
        (0..count).map(|_| (self.next() * 2.0 - 1.0) * scale).collect()
    }

    /// Between 0 and 1.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1 << 24) as f32
    }
}

/// Largest difference between a result and its reference.
pub(super) fn largest_error(got: &[f32], want: &[f64]) -> f64 {
    if got.len() != want.len() {
        return f64::INFINITY;
    }
    // A NaN must not hide behind `max`, which drops it.
    let errors = got.iter().zip(want).map(|(a, b)| (f64::from(*a) - b).abs());
    errors.fold(0.0, |worst, error| if error.is_nan() { f64::INFINITY } else { worst.max(error) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_and_the_activation_matters() {
        let model = Model::new();
        let (relu, leaky) = (model.answer(Activation::Relu), model.answer(Activation::Leaky(0.1)));
        for row in relu.chunks(10).chain(leaky.chunks(10)) {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        assert!(relu.iter().zip(&leaky).any(|(a, b)| (a - b).abs() > 1e-2));
    }

    #[test]
    fn a_nan_is_an_infinite_error() {
        assert_eq!(largest_error(&[f32::NAN], &[1.0]), f64::INFINITY);
        assert_eq!(largest_error(&[1.0], &[1.0, 2.0]), f64::INFINITY);
    }
}
