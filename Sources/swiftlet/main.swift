import Commands

SwiftletCommand.start()
