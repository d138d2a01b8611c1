package import LabRunner
package import LabSupport

/// A question to a model about a picture of the student's.
package struct PictureQuestion: Sendable, Equatable {
    package var server: String
    package var model: String
    /// How long to wait for the answer, in seconds.
    package var timeout: Int
    /// The path as it was typed.
    package var path: String
}

/// What came of it.
package enum PictureAnswer: Sendable, Equatable {
    case prediction(Prediction, Picture?)
    case failure(LabError)
}

/// The box that asks a model about a picture of the student's.
package struct PictureBox: Sendable, Equatable {
    /// What the box shows below the path.
    package enum State: Sendable, Equatable {
        /// The paths that begin with what is typed.
        case typing([String])
        case asking
        case answered(PictureAnswer)
    }

    /// The models of the lab that can be asked.
    package var models: [PictureQuestion]
    package var selection: Int
    package var text = ""
    package var state = State.typing([])

    package init(models: [PictureQuestion], selection: Int) {
        self.models = models
        self.selection = selection
    }

    /// The question that Enter asks.
    package var question: PictureQuestion {
        var question = models[selection]
        question.path = text
        return question
    }
}
